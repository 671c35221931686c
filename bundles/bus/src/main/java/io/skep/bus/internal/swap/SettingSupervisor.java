package io.skep.bus.internal.swap;

/** Sees a module through a change of its settings. */
public interface SettingSupervisor {

    /**
     * Holds a module's messages and handover and does the rest on a thread of its own: gate, and the way back. Called
     * before the component hears of the change.
     *
     * @return {@code false} when it can't, for another operation on the module is under way
     */
    boolean supervise(String module, SettingChange change);
}
