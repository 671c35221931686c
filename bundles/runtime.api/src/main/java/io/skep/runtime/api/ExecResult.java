package io.skep.runtime.api;

import java.util.Objects;

/**
 * What a command did.
 *
 * @param exitCode its exit code
 * @param stdout what it wrote, UTF-8
 * @param stderr what it complained of, UTF-8
 */
public record ExecResult(int exitCode, String stdout, String stderr) {
    public ExecResult {
        Objects.requireNonNull(stdout, "stdout");
        Objects.requireNonNull(stderr, "stderr");
    }
}
