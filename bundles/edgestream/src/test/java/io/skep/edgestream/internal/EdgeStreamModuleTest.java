package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.FakePodRuntime;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EdgeStreamModuleTest extends NodeFixture {

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
        Eventually.holds("no stream is left", () -> figure("skep_tunnel_streams") == 0);
        write("app/0.log", "two");
        assertThat(cloud.all(cloud.askLogs("default/web/app", ""))).isEqualTo("one\ntwo\n");
        assertThat(cloud.next(id).type()).isEqualTo(Type.REMOVE);
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
