package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.module.Handover;
import io.skep.core.api.module.LiveModuleContext;
import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.FakePodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.transport.internal.JettyTransport;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeStreamModuleTest {

    @TempDir
    Path logs;

    @TempDir
    Path certificates;

    private final JettyTransport transport = new JettyTransport();
    private final CloudEnd cloud = new CloudEnd(transport);
    private final LiveModuleContext context = new LiveModuleContext("edgestream");
    private final FakePodRuntime runtime = new FakePodRuntime();
    private EdgeStreamModule module;
    private String sandbox;

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
                transport);
        module.bindRuntime(runtime);
        on(() -> module.start(context, Handover.NONE));
    }

    @AfterEach
    void stop() throws Exception {
        on(() -> module.stop());
        context.close();
        transport.stop();
    }

    private void on(Runnable task) throws Exception {
        context.on(() -> {
            task.run();
            return null;
        });
    }

    private PodSandboxConfig pod(String name, String uid) {
        return new PodSandboxConfig(
                name, "default", uid, 0, name, logs, Map.of(), Map.of(), "", "", true, Optional.empty());
    }

    private String container(String name, int attempt) throws ContainerException {
        ContainerConfig config = new ContainerConfig(
                name,
                attempt,
                "any",
                List.of("serve"),
                List.of(),
                "",
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                name + "/" + attempt + ".log",
                false,
                false,
                ContainerConfig.Resources.NONE,
                ContainerConfig.SecurityContext.DEFAULT);
        String id = runtime.createContainer(sandbox, config);
        runtime.startContainer(id);
        return id;
    }

    private void write(String log, String... lines) throws IOException {
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

    private void connect() throws Exception {
        cloud.enrol(certificates);
        cloud.awaitTunnel();
    }

    private double figure(String name) {
        return module.samples().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void tunnelIsOpenedAsTheNodeOnceItHasItsCertificate() throws Exception {
        Eventually.holds("certificate was looked for", () -> figure("skep_tunnel_connected") == 0);

        connect();

        assertThat(cloud.peer.path()).isEqualTo("/v1/kubeedge/connect");
        assertThat(cloud.peer.header("SessionHostNameOverride")).isEqualTo("edge-1");
        assertThat(cloud.peer.header("SessionInternalIP")).isEqualTo("127.0.0.1");
        assertThat(cloud.peer.certificates().get(0).getSubjectX500Principal().getName())
                .contains("system:node:edge-1");
        Eventually.holds("it shows", () -> figure("skep_tunnel_connected") == 1);
    }

    @Test
    void logIsSentInFramesOfEdgeCoresSizeAndEnds() throws Exception {
        container("app", 0);
        write("app/0.log", "x".repeat(600), "last");
        connect();

        long id = cloud.askLogs("default/web/app", "");

        TunnelFrame first = cloud.next(id);
        assertThat(first.data()).hasSize(256);
        assertThat(first.text() + cloud.all(id)).isEqualTo("x".repeat(600) + "\nlast\n");
    }

    @Test
    void presentLifeIsMeantUnlessThePreviousOneIsAskedFor() throws Exception {
        runtime.exit(container("app", 0), 1);
        container("app", 1);
        write("app/0.log", "before");
        write("app/1.log", "now");
        connect();

        assertThat(cloud.all(cloud.askLogs("default/web/app", ""))).isEqualTo("now\n");
        assertThat(cloud.all(cloud.askLogs("default/web/app", "previous=true"))).isEqualTo("before\n");
    }

    @Test
    void newerPodOfTheSameNameIsMeant() throws Exception {
        container("app", 0);
        sandbox = runtime.runPodSandbox(pod("web", "uid-2"));
        container("app", 1);
        write("app/1.log", "second pod");
        connect();

        assertThat(cloud.all(cloud.askLogs("default/web/app", ""))).isEqualTo("second pod\n");
        assertThat(cloud.all(cloud.askLogs("default/web/app", "previous=1")))
                .isEqualTo("previous terminated container \"app\" in pod \"web\" not found");
    }

    @Test
    void whatIsNotThereIsSaidInKubeletsWords() throws Exception {
        container("app", 0);
        connect();

        assertThat(cloud.all(cloud.askLogs("default/no-such/app", ""))).isEqualTo("pod \"no-such\" does not exist");
        assertThat(cloud.all(cloud.askLogs("default/web/no-such", "")))
                .isEqualTo("container \"no-such\" not found in pod \"web\"");
        assertThat(cloud.all(cloud.askLogs("default/web/app", "tailLines=-1"))).contains("tailLines");
        assertThat(cloud.all(cloud.ask(Type.METRICS, "/metrics", "", Map.of()))).isEqualTo("404 page not found");
    }

    @Test
    void containerIsFoundInWhicheverRuntimeHasIt() throws Exception {
        FakePodRuntime away = new FakePodRuntime();
        away.available(false);
        module.bindRuntime(away);
        container("app", 0);
        write("app/0.log", "here");
        connect();

        assertThat(cloud.all(cloud.askLogs("default/web/app", ""))).isEqualTo("here\n");
        assertThat(cloud.all(cloud.askLogs("default/other/app", ""))).contains("the runtime is away");
    }

    @Test
    void followEndsWhenTheContainerHasEndedAndNothingIsMissing() throws Exception {
        String running = container("app", 0);
        write("app/0.log", "one");
        connect();
        long id = cloud.askLogs("default/web/app", "follow=true");
        assertThat(cloud.next(id).text()).isEqualTo("one\n");

        write("app/0.log", "two");
        assertThat(cloud.next(id).text()).isEqualTo("two\n");
        write("app/0.log", "three");
        runtime.exit(running, 0);

        assertThat(cloud.all(id)).isEqualTo("three\n");
        Eventually.holds("nothing is left", () -> figure("skep_tunnel_streams") == 0);
    }

    @Test
    void abortedFollowLeavesNothingBehind() throws Exception {
        container("app", 0);
        write("app/0.log", "one");
        connect();
        long id = cloud.askLogs("default/web/app", "follow=true");
        cloud.next(id);
        Eventually.holds("file is open", () -> openLogs() == 1);

        cloud.send(TunnelFrame.remove(id));

        Eventually.holds("file is closed", () -> openLogs() == 0);
        assertThat(figure("skep_tunnel_streams")).isZero();
        write("app/0.log", "two");
        assertThat(cloud.all(cloud.askLogs("default/web/app", ""))).isEqualTo("one\ntwo\n");
        assertThat(cloud.quiet(id)).isTrue();
    }

    private long openLogs() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).startsWith(logs.toRealPath());
                        } catch (IOException e) {
                            return false; // closed meanwhile
                        }
                    })
                    .count();
        }
    }

    @Test
    void moreStreamsThanAllowedAreRefused() throws Exception {
        container("app", 0);
        write("app/0.log", "one");
        connect();
        cloud.next(cloud.askLogs("default/web/app", "follow=true"));
        cloud.next(cloud.askLogs("default/web/app", "follow=true"));

        assertThat(cloud.all(cloud.askLogs("default/web/app", ""))).contains("streams.max is 2");
    }

    @Test
    void tunnelThatWasCutIsOpenedAgain() throws Exception {
        container("app", 0);
        write("app/0.log", "one");
        cloud.enrol(certificates);
        Tunnel first = cloud.awaitTunnel();
        long id = cloud.askLogs("default/web/app", "follow=true");
        cloud.next(id);

        first.close("cut");
        cloud.awaitTunnel();

        assertThat(cloud.all(cloud.askLogs("default/web/app", ""))).isEqualTo("one\n");
        Eventually.holds("the former follow is gone", () -> openLogs() == 0);
    }

    @Test
    void moduleThatStopsLeavesNothingBehind() throws Exception {
        container("app", 0);
        write("app/0.log", "one");
        connect();
        cloud.next(cloud.askLogs("default/web/app", "follow=true"));

        on(() -> module.stop());

        assertThat(openLogs()).isZero();
        assertThat(figure("skep_tunnel_connected")).isZero();
    }
}
