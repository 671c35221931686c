package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerConfig.Resources;
import io.skep.runtime.api.ContainerConfig.SecurityContext;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.State;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sandboxes and containers, said in few words. */
record Pods(PodRuntime runtime, Path logs) {

    static ContainerConfig of(String... command) {
        return new ContainerConfig(
                "app",
                0,
                "process",
                List.of(command),
                List.of(),
                "",
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                "app/0.log",
                false,
                false,
                Resources.NONE,
                SecurityContext.DEFAULT);
    }

    static ContainerConfig shell(String script) {
        return of("/bin/sh", "-c", script);
    }

    static ContainerConfig with(ContainerConfig config, List<EnvVar> env, List<Mount> mounts, String workingDir) {
        return new ContainerConfig(
                config.name(),
                config.attempt(),
                config.image(),
                config.command(),
                config.args(),
                workingDir,
                env,
                mounts,
                config.labels(),
                config.annotations(),
                config.logPath(),
                config.stdin(),
                config.tty(),
                config.resources(),
                config.security());
    }

    static ContainerConfig with(ContainerConfig config, Resources resources, SecurityContext security) {
        return new ContainerConfig(
                config.name(),
                config.attempt(),
                config.image(),
                config.command(),
                config.args(),
                config.workingDir(),
                config.env(),
                config.mounts(),
                config.labels(),
                config.annotations(),
                config.logPath(),
                config.stdin(),
                config.tty(),
                resources,
                security);
    }

    String sandbox() throws ContainerException {
        return runtime.runPodSandbox(new PodSandboxConfig(
                "web", "default", "uid", 0, "web-0", logs, Map.of(), Map.of(), "", "", true, Optional.empty()));
    }

    String start(ContainerConfig config) throws ContainerException {
        String id = runtime.createContainer(sandbox(), config);
        runtime.startContainer(id);
        return id;
    }

    /** Runs it to its end. */
    ContainerStatus run(ContainerConfig config) throws ContainerException {
        return ended(start(config));
    }

    ContainerStatus ended(String id) {
        Eventually.holds("container ended", () -> status(id).state() == State.EXITED);
        return status(id);
    }

    ContainerStatus status(String id) {
        try {
            return runtime.containerStatus(id).orElseThrow();
        } catch (ContainerException e) {
            throw new AssertionError(e);
        }
    }

    /** What it wrote, without times and streams; pieces of long lines put together. */
    String output(String id) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : lines(id)) {
            String[] fields = line.split(" ", 4);
            text.append(fields[3]).append(fields[2].equals("F") ? "\n" : "");
        }
        return text.toString();
    }

    /** Lines of its log. */
    List<String> lines(String id) throws IOException {
        Path file = status(id).logPath();
        return Files.exists(file) ? new ArrayList<>(Files.readAllLines(file)) : List.of();
    }

    /** Waits for this in its output. */
    void says(String id, String text) {
        Eventually.holds("output has " + text, () -> output(id).contains(text));
    }
}
