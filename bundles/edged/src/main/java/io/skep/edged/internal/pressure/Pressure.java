package io.skep.edged.internal.pressure;

/** A shortage of the node, as its conditions name it. */
public enum Pressure {
    MEMORY("MemoryPressure"),
    DISK("DiskPressure"),
    PID("PIDPressure");

    private final String condition;

    Pressure(String condition) {
        this.condition = condition;
    }

    /** Type of the node's condition. */
    public String condition() {
        return condition;
    }
}
