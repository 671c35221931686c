package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.ListenSettings;
import java.net.ServerSocket;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Links from their opening to their end. */
class JettyTransportTest extends LinkTest {

    @Test
    void messagesGoBothWaysAndBothEndsSeeWhoTheOtherIs() throws Exception {
        cloud.verdict = Admission.accept(Map.of("Skep-Features", "upstream-ack"));
        Link edge = dial(target(listen(), cloud.tls()));
        Recorder node = new Recorder();
        edge.attach(node);
        Link session = cloud.link();

        Message up = message("\"up\"");
        Message down = message("\"down\"");
        get(edge.send(up));
        get(session.send(down));

        assertThat(cloud.recorder.next().id()).isEqualTo(up.id());
        assertThat(node.next().id()).isEqualTo(down.id());
        assertThat(session.peer().header("Node_ID")).isEqualTo("edge-1");
        assertThat(session.peer().path()).isEqualTo("/project/edge-1/events");
        assertThat(session.peer()
                        .certificates()
                        .get(0)
                        .getSubjectX500Principal()
                        .getName())
                .startsWith("CN=system:node:edge-1");
        assertThat(edge.peer().header("skep-features")).isEqualTo("upstream-ack");
        assertThat(edge.counters().sent()).isEqualTo(1);
        assertThat(edge.counters().received()).isEqualTo(1);
    }

    // Jetty would make a pool of its own for each client, of eight threads that never end.
    @Test
    void linkRunsOnTheTransportsThreads() throws Exception {
        dial(target(listen(), cloud.tls()));

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("WebSocket@"));
    }

    @Test
    void syncIsNeverOnTheWire() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Message request = message("1");

        edge.send(request.withHeader(request.header().withSync(true)));

        assertThat(cloud.recorder.next().header().sync()).isFalse();
    }

    @Test
    void closeReachesTheOtherEndWithItsReason() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Recorder node = new Recorder();
        edge.attach(node);

        cloud.link().close("a newer connection of edge-1 came");

        assertThat(node.reason()).isEqualTo("closed by the peer: a newer connection of edge-1 came");
        assertThat(edge.isOpen()).isFalse();
        assertThat(transport.find("edgehub")).isEmpty();
        assertThatThrownBy(() -> get(edge.send(message("1")))).hasMessageContaining("the link is closed");
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            ListenSettings settings = new ListenSettings("127.0.0.1", taken.getLocalPort(), Optional.empty());

            assertThatThrownBy(() -> transport.listen("cloudhub", settings, cloud))
                    .isInstanceOf(EdgeException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void deadSocketIsNoticedAtOnce() throws Exception {
        WebSocket peer = foreignPeer();
        cloud.link();

        peer.abort();

        assertThat(cloud.recorder.reason()).startsWith("connection lost").doesNotContain("null");
    }

    @Test
    void stopOfTheTransportClosesLinksAndEndsItsThreads() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));

        transport.stop();

        assertThat(edge.isOpen()).isFalse();
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("edge-link") && t.isAlive()));
    }
}
