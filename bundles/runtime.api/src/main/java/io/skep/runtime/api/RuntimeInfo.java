package io.skep.runtime.api;

import java.util.Objects;

/**
 * What a runtime is.
 *
 * @param name for example {@code containerd}
 * @param version its version, as in a node's {@code containerRuntimeVersion}
 * @param ready whether it can run pods now
 * @param reason why not, one word in CamelCase; {@code ""} when ready
 * @param message one sentence for an operator
 */
public record RuntimeInfo(String name, String version, boolean ready, String reason, String message) {
    public RuntimeInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
    }
}
