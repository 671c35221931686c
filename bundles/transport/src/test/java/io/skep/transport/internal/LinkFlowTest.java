package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.Link;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Messages of every size and shape, and peers that are slow. */
class LinkFlowTest extends LinkTest {

    // A slow user must not fill our memory: beyond a bound the socket is not read.
    @Test
    void slowListenerStopsTheReadingAndLosesNothing() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Link session = cloud.link();
        cloud.recorder.hold();
        int count = 500;
        CompletionStage<Void> last = null;
        for (int i = 0; i < count; i++) {
            last = edge.send(message(Integer.toString(i)));
        }
        get(last);
        until(() -> session.counters().waiting() >= Receiving.MAX_WAITING);
        assertThat(session.counters().waiting()).isEqualTo(Receiving.MAX_WAITING);

        cloud.recorder.finish();

        for (int i = 0; i < count; i++) {
            assertThat(cloud.recorder.next().content().json()).isEqualTo(Integer.toString(i));
        }
    }

    // A peer that reads nothing: what we may queue has an end, and the sender is told.
    @Test
    void queueToASlowPeerIsBounded() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        cloud.recorder.hold();
        String big = "\"" + "x".repeat(1 << 20) + "\"";

        CompletableFuture<Void> refused = null;
        for (int i = 0; i < 200 && refused == null; i++) {
            CompletableFuture<Void> sent = edge.send(message(big)).toCompletableFuture();
            refused = sent.isCompletedExceptionally() ? sent : null;
        }

        assertThat(refused).isNotNull();
        assertThatThrownBy(refused::join)
                .cause()
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_REQUESTS));
    }

    @Test
    void largeMessageGoesThroughAndTooLargeOneIsRefusedBeforeItIsSent() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Link session = cloud.link();
        Recorder node = new Recorder();
        edge.attach(node);
        String large = "\"" + "\u00e4".repeat(5 << 20) + "\"";
        String tooLarge = "\"" + "x".repeat(Link.MAX_MESSAGE_BYTES) + "\"";

        get(session.send(message(large)));

        assertThat(node.next().content().json()).isEqualTo(large);
        assertThatThrownBy(() -> get(session.send(message(tooLarge))))
                .cause()
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void fragmentsAndBinaryMessagesAreUnderstood() throws Exception {
        WebSocket peer = foreignPeer();
        ByteBuffer umlaut = StandardCharsets.UTF_8.encode("{\"content\":\"\u00e4\"}\n");

        peer.sendText("{\"header\":{\"msg_id\":", false).get(10, TimeUnit.SECONDS);
        peer.sendText("\"f\"}", false).get(10, TimeUnit.SECONDS);
        peer.sendText("}\n", false).get(10, TimeUnit.SECONDS);
        peer.sendText("", true).get(10, TimeUnit.SECONDS);
        peer.sendBinary(umlaut, true).get(10, TimeUnit.SECONDS);

        assertThat(cloud.recorder.next().id()).isEqualTo("f");
        assertThat(cloud.recorder.next().content().json()).isEqualTo("\"\u00e4\"");
    }

    @Test
    void malformedMessageClosesItsLinkAndNoOther() throws Exception {
        WebSocket bad = foreignPeer();
        Link session = cloud.link();

        bad.sendText("{\"header\":{\"timestamp\":\"soon\"}}", true);

        assertThat(cloud.recorder.reason()).contains("timestamp must be an integer");
        assertThat(session.isOpen()).isFalse();
        foreignPeer();
        assertThat(cloud.link().isOpen()).isTrue();
    }

    @Test
    void bytesThatAreNoTextCloseTheirLink() throws Exception {
        WebSocket bad = foreignPeer();

        bad.sendBinary(ByteBuffer.wrap(new byte[] {'"', (byte) 0xff, '"'}), true);

        assertThat(cloud.recorder.reason()).contains("not UTF-8");
    }

    @Test
    void oversizedMessageClosesItsLinkWithAReason() throws Exception {
        WebSocket bad = foreignPeer();
        String part = "x".repeat(1 << 20);

        try {
            for (int i = 0; i <= Link.MAX_MESSAGE_BYTES >> 20; i++) {
                bad.sendText(part, false).get(10, TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            assertThat(e).hasMessageContaining("IO");
        }

        assertThat(cloud.recorder.reason()).isNotEmpty();
        assertThat(cloud.recorder.waiting()).isZero();
    }
}
