package io.skep.edged.internal.pressure;

/**
 * What may run short, in the order in which it is seen to.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/eviction/helpers.go}.
 */
public enum Signal {
    MEMORY("memory.available", "memory", Pressure.MEMORY),
    NODEFS("nodefs.available", "ephemeral-storage", Pressure.DISK),
    IMAGEFS("imagefs.available", "ephemeral-storage", Pressure.DISK),
    PID("pid.available", "pids", Pressure.PID);

    private final String word;
    private final String resource;
    private final Pressure pressure;

    Signal(String word, String resource, Pressure pressure) {
        this.word = word;
        this.resource = resource;
        this.pressure = pressure;
    }

    /** Its name in settings. */
    public String word() {
        return word;
    }

    /** What a pod gives back that ends. */
    public String resource() {
        return resource;
    }

    public Pressure pressure() {
        return pressure;
    }
}
