package io.skep.edged.internal.runtime;

import io.skep.runtime.api.PodRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** The runtimes this node has, as they come and go. Thread-safe; does nothing but remember and tell. */
public final class Runtimes {

    /** Which runtime is the default when the settings leave it open: a container engine before plain processes. */
    private static final List<String> PREFERENCE = List.of("cri", "process");

    /**
     * Runtimes of ours by name, here or not: were they taken for an engine's handlers while they are away, it would depend on
     * which bundle starts first where a pod runs.
     */
    private static final Set<String> OURS = Set.of("process", "cri", "osgi");

    private final Map<String, PodRuntime> runtimes = new ConcurrentSkipListMap<>();
    private final Map<String, String> engines = new ConcurrentHashMap<>();
    private final String preferred;
    private volatile Consumer<String> listener = name -> {};

    /** {@code preferred} is a runtime's name, or {@code ""} to choose from what is there. */
    public Runtimes(String preferred) {
        this.preferred = preferred;
    }

    public void bind(String name, PodRuntime runtime) {
        runtimes.put(name, runtime);
        listener.accept(name);
    }

    public void unbind(String name, PodRuntime runtime) {
        if (runtimes.remove(name, runtime)) {
            listener.accept(name);
        }
    }

    /** Who hears, on the thread of the change, that a runtime of this name came, changed or went. */
    public void onChange(Consumer<String> hearer) {
        listener = hearer;
    }

    public Optional<PodRuntime> get(String name) {
        return Optional.ofNullable(runtimes.get(name));
    }

    /** What a runtime calls itself, for example {@code containerd}. */
    void introduced(String name, String engine) {
        if (!engine.isEmpty()) {
            engines.put(name, engine);
        }
    }

    /** The word before {@code ://} in a container's id: what the runtime called itself last, else how it is picked. */
    public String engine(String name) {
        return engines.getOrDefault(name, name);
    }

    public List<String> names() {
        return List.copyOf(runtimes.keySet());
    }

    /** Whether this names a runtime of the node, which may be away, rather than a RuntimeClass or a handler. */
    public boolean isName(String name) {
        return OURS.contains(name) || runtimes.containsKey(name);
    }

    /** The runtime of this name if it is here, {@code ""} for the node's default. */
    public Optional<String> choose(String name) {
        if (!name.isEmpty()) {
            return Optional.of(name).filter(runtimes::containsKey);
        }
        if (!preferred.isEmpty()) {
            return Optional.of(preferred).filter(runtimes::containsKey);
        }
        return PREFERENCE.stream()
                .filter(runtimes::containsKey)
                .findFirst()
                .or(() -> runtimes.keySet().stream().findFirst());
    }

    /** The one of pods that name none; empty while it is not here. */
    public Optional<PodRuntime> byDefault() {
        return choose("").flatMap(this::get);
    }

    /** Why there is none of this name, {@code ""} for the node's default. */
    public String missing(String name) {
        List<String> there = names();
        String has = there.isEmpty() ? "it has none" : "it has " + String.join(", ", there);
        return name.isEmpty()
                ? "no container runtime on this node yet"
                : "no runtime \"" + name + "\" on this node: " + has;
    }
}
