package io.skep.edged.internal.node;

import io.skep.edged.internal.runtime.RuntimeWatch;
import io.skep.runtime.api.RuntimeInfo;

/**
 * What the node says of what runs its pods.
 *
 * @param version name and version of the default runtime, {@code ""} before there is one
 * @param trouble why no pod can run, {@code ""} when pods can
 */
public record RuntimeState(String version, String trouble) {

    /** Before a runtime was found. */
    public static final RuntimeState NONE =
            new RuntimeState("", "container runtime is down: no container runtime on this node yet");

    public static RuntimeState of(RuntimeInfo info) {
        String version = info.version().isEmpty() ? "Unknown" : info.version();
        return new RuntimeState(info.name() + "://" + version, RuntimeWatch.trouble(info));
    }

    /** The same runtime on a node that can run no pods for another cause. */
    public RuntimeState with(String other) {
        return new RuntimeState(version, other);
    }
}
