package io.skep.edgestream.internal;

import io.skep.core.api.module.Handover;
import io.skep.core.api.module.LiveModuleContext;
import io.skep.kube.api.stream.PodStreams;
import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.ImageSpec;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.ContainerConfig.Streams;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.FakePodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.transport.internal.JettyTransport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A node with a fake runtime, and the cloud's end of its tunnel. */
abstract class NodeFixture {

    @TempDir
    Path logs;

    @TempDir
    Path certificates;

    final JettyTransport transport = new JettyTransport();
    final CloudEnd cloud = new CloudEnd(transport);
    final LiveModuleContext context = new LiveModuleContext("edgestream");
    final FakePodRuntime runtime = new FakePodRuntime();
    EdgeStreamModule module;
    String sandbox;

    /** The way to containers that the node offers itself. */
    volatile Optional<PodStreams> local = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        sandbox = runtime.runPodSandbox(pod("web", "uid-1"));
        module = new EdgeStreamModule(
                new EdgeStreamSettings(
                        "edge-1",
                        Optional.of(URI.create("wss://127.0.0.1:" + cloud.port() + "/v1/kubeedge/connect")),
                        certificates,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(15),
                        Duration.ofMillis(20),
                        2),
                transport,
                way -> {
                    local = Optional.of(way);
                    return () -> local = Optional.empty();
                });
        module.bindRuntime(runtime);
        on(() -> module.start(context, Handover.NONE));
    }

    @AfterEach
    void stop() throws Exception {
        on(() -> module.stop());
        context.close();
        transport.stop();
    }

    void on(Runnable task) throws Exception {
        context.on(() -> {
            task.run();
            return null;
        });
    }

    PodSandboxConfig pod(String name, String uid) {
        return new PodSandboxConfig(
                new PodSandboxConfig.Metadata(name, "default", uid, 0),
                name,
                logs,
                Map.of(),
                Map.of(),
                "",
                PodSandboxConfig.Network.HOST,
                PodSandboxConfig.Linux.DEFAULT);
    }

    String container(String name, int attempt) throws ContainerException {
        ContainerConfig config = new ContainerConfig(
                new ContainerConfig.Metadata(name, attempt),
                ImageSpec.of("any"),
                Program.of("serve"),
                List.of(),
                Map.of(),
                Map.of(),
                Streams.log(name + "/" + attempt + ".log"),
                ContainerConfig.Linux.DEFAULT);
        String id = runtime.createContainer(sandbox, config);
        runtime.startContainer(id);
        return id;
    }

    void write(String log, String... lines) throws IOException {
        Path file = logs.resolve(log);
        Files.createDirectories(file.getParent());
        for (String line : lines) {
            Files.writeString(
                    file,
                    "2026-01-01T00:00:00Z stdout F " + line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    void connect() throws Exception {
        cloud.enrol(certificates);
        cloud.awaitTunnel();
    }

    double figure(String name) {
        return module.samples().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
