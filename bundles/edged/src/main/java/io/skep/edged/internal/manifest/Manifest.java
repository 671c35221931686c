package io.skep.edged.internal.manifest;

import io.skep.edged.internal.spec.Pod;
import java.util.Objects;
import java.util.Optional;

/**
 * One file of the folder of static pods.
 *
 * @param file its name
 * @param stamp changes with its content
 * @param pod the pod it asks for; of a file that turned bad, the last good one
 * @param error why it can't be used, {@code ""} for a good one
 */
public record Manifest(String file, String stamp, Optional<Pod> pod, String error) {
    public Manifest {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(stamp, "stamp");
        Objects.requireNonNull(pod, "pod");
        Objects.requireNonNull(error, "error");
    }

    static Manifest good(String file, String stamp, Pod pod) {
        return new Manifest(file, stamp, Optional.of(pod), "");
    }

    static Manifest bad(String file, String stamp, Optional<Pod> last, String error) {
        return new Manifest(file, stamp, last, error);
    }

    /** The same file, whose pod can't be had. */
    public Manifest refused(String why) {
        return new Manifest(file, stamp, Optional.empty(), why);
    }
}
