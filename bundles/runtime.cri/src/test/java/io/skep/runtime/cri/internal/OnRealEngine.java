package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerConfig.Linux;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.OnPodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests of what the contract leaves open, on a real engine. */
abstract class OnRealEngine extends OnPodRuntime {

    @RegisterExtension
    final RealEngine engine;

    OnRealEngine() {
        this(RealEngine.shared());
    }

    OnRealEngine(RealEngine engine) {
        this.engine = engine;
    }

    @Override
    protected CriRuntime runtime() {
        return engine.runtime();
    }

    @Override
    protected String image() {
        return RealEngine.IMAGE;
    }

    @Override
    protected String running(String name) throws ContainerException {
        return engine.ready(started(name, "/bin/sh", "-c", RealEngine.RUN_ON));
    }

    /** A container that ran to its end, in a sandbox of its own. */
    String ran(ContainerConfig config, PodSandboxConfig sandbox) throws ContainerException {
        String id = runtime().createContainer(runtime().runPodSandbox(sandbox), config);
        runtime().startContainer(id);
        ended(id);
        return id;
    }

    /** What a container wrote, without the engine's words in front of each line. */
    String said(String containerId) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line : Files.readAllLines(status(containerId).logPath())) {
            said.append(line.split(" ", 4)[3]).append('\n');
        }
        return said.toString();
    }

    /** A container of that script. */
    ContainerConfig with(
            List<EnvVar> env, List<Mount> mounts, Resources resources, SecurityContext security, String script) {
        ContainerConfig plain = container("job", "/bin/sh", "-c", script);
        return new ContainerConfig(
                plain.metadata(),
                plain.image(),
                new Program(plain.program().command(), List.of(), "/tmp", env),
                mounts,
                plain.labels(),
                plain.annotations(),
                plain.streams(),
                new Linux(resources, security, ""));
    }
}
