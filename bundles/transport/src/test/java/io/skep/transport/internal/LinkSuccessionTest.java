package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkListener;
import io.skep.transport.LinkPeer;
import io.skep.transport.LinkPort;
import io.skep.transport.ListenSettings;
import io.skep.transport.tls.ServerTls.ClientAuth;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Links and ports that live on while their user is replaced. */
class LinkSuccessionTest extends LinkTest {

    // The swap of a module: what arrives meanwhile waits, what was begun comes again, the socket stays.
    @Test
    void successorGetsWhatArrivedWhileNobodyWasThereAndWhatWasBegun() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Recorder first = new Recorder().hold();
        edge.attach(first);
        Link session = cloud.link();
        Message begun = message("1");
        Message later = message("2");
        get(session.send(begun));
        first.next();

        edge.release(GRACE);
        get(session.send(later));
        Link found = transport.find("edgehub").orElseThrow();
        Recorder second = new Recorder();
        found.attach(second);

        assertThat(second.next().id()).isEqualTo(begun.id());
        assertThat(second.next().id()).isEqualTo(later.id());
        first.finish();
        assertThat(first.waiting()).isZero();
        assertThat(found.number()).isEqualTo(edge.number());
        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void linkThatNobodyTakesOverIsClosed() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        edge.attach(new Recorder());

        edge.release(Duration.ofMillis(1));

        assertThat(cloud.recorder.reason()).contains("nobody took the link over");
    }

    @Test
    void whoComesWhileThePortHasNoUserIsToldToComeBack() throws Exception {
        LinkPort port = listen();

        port.release(GRACE);

        assertThat(reasonOf(target(port, cloud.tls()))).isEqualTo(Reason.SERVICE_UNAVAILABLE);
    }

    @Test
    void successorOfThePortGetsItsLinks() throws Exception {
        ListenSettings settings = cloud.settings(ClientAuth.REQUIRED);
        LinkPort port = transport.listen("cloudhub", settings, cloud);
        Link edge = dial(target(port, cloud.tls()));
        Link session = cloud.link();
        port.release(GRACE);
        Message meanwhile = message("1");
        get(edge.send(meanwhile));

        Cloud successor = new Cloud();
        LinkPort again = transport.listen("cloudhub", settings, successor);

        assertThat(again.port()).isEqualTo(port.port());
        assertThat(successor.link().number()).isEqualTo(session.number());
        assertThat(successor.recorder.next().id()).isEqualTo(meanwhile.id());
        assertThat(again.links()).hasSize(1);
        port.close("late");
        assertThat(edge.isOpen()).isTrue();
    }

    // The user leaves on its own thread while the link opens on another: what the peer says must wait for the
    // successor.
    @Test
    void linkThatOpensWhileItsUserLeavesWaitsForTheSuccessor() throws Exception {
        ListenSettings settings = cloud.settings(ClientAuth.REQUIRED);
        CompletableFuture<LinkPort> open = new CompletableFuture<>();
        LinkPort port = transport.listen("cloudhub", settings, new LinkAcceptor() {
            @Override
            public Admission admit(LinkPeer peer) {
                return cloud.admit(peer);
            }

            @Override
            public LinkListener opened(Link link) {
                open.join().release(GRACE);
                return cloud.opened(link);
            }
        });
        open.complete(port);
        Link edge = dial(target(port, cloud.tls()));
        cloud.link();
        Message meanwhile = message("1");
        get(edge.send(meanwhile));

        Cloud successor = new Cloud();
        transport.listen("cloudhub", settings, successor);

        assertThat(successor.recorder.next().id()).isEqualTo(meanwhile.id());
        assertThat(cloud.recorder.waiting()).isZero();
    }
}
