package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerConfig.ImageSpec;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.ContainerConfig.Streams;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.State;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Capabilities;
import io.skep.runtime.api.SecurityContext.Confinement;
import io.skep.runtime.api.SecurityContext.RunAs;
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
                new ContainerConfig.Metadata("app", 0),
                ImageSpec.of("process"),
                Program.of(command),
                List.of(),
                Map.of(),
                Map.of(),
                Streams.log("app/0.log"),
                ContainerConfig.Linux.DEFAULT);
    }

    static ContainerConfig shell(String script) {
        return of("/bin/sh", "-c", script);
    }

    static ContainerConfig with(ContainerConfig config, List<EnvVar> env, List<Mount> mounts, String workingDir) {
        Program program = config.program();
        return new ContainerConfig(
                config.metadata(),
                config.image(),
                new Program(program.command(), program.args(), workingDir, env),
                mounts,
                config.labels(),
                config.annotations(),
                config.streams(),
                config.linux());
    }

    static ContainerConfig with(ContainerConfig config, Resources resources, SecurityContext security) {
        return new ContainerConfig(
                config.metadata(),
                config.image(),
                config.program(),
                config.mounts(),
                config.labels(),
                config.annotations(),
                config.streams(),
                new ContainerConfig.Linux(resources, security, ""));
    }

    /** That user, and nothing else said. */
    static SecurityContext as(long user) {
        return new SecurityContext(
                new RunAs(Optional.of(user), Optional.empty(), List.of()),
                false,
                false,
                false,
                Capabilities.DEFAULT,
                Confinement.NONE);
    }

    PodSandboxConfig config(PodSandboxConfig.Linux linux) {
        return new PodSandboxConfig(
                new PodSandboxConfig.Metadata("web", "default", "uid", 0),
                "web-0",
                logs,
                Map.of(),
                Map.of(),
                "",
                PodSandboxConfig.Network.HOST,
                linux);
    }

    String sandbox() throws ContainerException {
        return runtime.runPodSandbox(config(PodSandboxConfig.Linux.DEFAULT));
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
