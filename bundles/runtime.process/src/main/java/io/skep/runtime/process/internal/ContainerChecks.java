package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What a container must be for a process of it, checked before anything is made. */
final class ContainerChecks {

    /** The kernel's limit for one word or variable (MAX_ARG_STRLEN). */
    private static final int MAX_WORD_BYTES = 128 << 10;

    private ContainerChecks() {}

    /** @throws ContainerException {@code INVALID} */
    static void check(ContainerConfig config, List<String> words) throws ContainerException {
        if (words.isEmpty()) {
            throw invalid("container " + config.metadata().name()
                    + " has no command: runtime process knows no images, so the pod must give command or args");
        }
        for (String word : words) {
            checkText(config, "command", word);
        }
        for (EnvVar each : config.program().env()) {
            if (each.name().isEmpty() || each.name().contains("=")) {
                throw invalid("container " + config.metadata().name() + " has a variable with the name '" + each.name()
                        + "'");
            }
            checkText(config, "variable " + each.name(), each.name() + "=" + each.value());
        }
        checkText(config, "workingDir", config.program().workingDir());
    }

    /** The container's log file, which must be below the sandbox's log directory. */
    static Path logFile(SandboxRecord sandbox, ContainerConfig config) throws ContainerException {
        Path directory = sandbox.config().logDirectory().toAbsolutePath().normalize();
        String logPath = config.streams().logPath();
        Path file = directory.resolve(logPath).normalize();
        if (logPath.isEmpty() || !file.startsWith(directory) || file.equals(directory)) {
            throw invalid("log path " + logPath + " leads out of " + directory);
        }
        return file;
    }

    private static void checkText(ContainerConfig config, String what, String text) throws ContainerException {
        if (text.indexOf('\0') >= 0) {
            throw invalid("container " + config.metadata().name() + ": " + what + " holds a NUL character");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length >= MAX_WORD_BYTES) {
            throw invalid("container " + config.metadata().name() + ": " + what
                    + " is longer than the kernel's limit of " + MAX_WORD_BYTES + " bytes");
        }
    }

    private static ContainerException invalid(String message) {
        return new ContainerException(Code.INVALID, message);
    }
}
