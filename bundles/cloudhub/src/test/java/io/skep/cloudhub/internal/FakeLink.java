package io.skep.cloudhub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import io.skep.transport.Link;
import io.skep.transport.LinkCounters;
import io.skep.transport.LinkListener;
import io.skep.transport.LinkPeer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A link that records what is sent on it. */
final class FakeLink implements Link {

    private static long numbers;

    private final long number = ++numbers;
    private final LinkPeer peer;
    private final List<Message> sent = new ArrayList<>();
    private Optional<EdgeException> trouble = Optional.empty();
    private Optional<String> closed = Optional.empty();
    private LinkListener listener;

    FakeLink(String node, String features) {
        peer = new LinkPeer(
                InetSocketAddress.createUnresolved("192.0.2.1", 40000 + (int) number),
                "/p/" + node + "/events",
                Map.of("node_id", List.of(node), "ConnectionUse", List.of("msg"), "Skep-Features", List.of(features)),
                List.of());
    }

    /** What was sent since the last look. */
    List<Message> sent() {
        List<Message> copy = List.copyOf(sent);
        sent.clear();
        return copy;
    }

    Optional<String> closedBecause() {
        return closed;
    }

    /** Makes sending fail. */
    void fail(EdgeException why) {
        trouble = Optional.of(why);
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public String key() {
        return "cloudhub";
    }

    @Override
    public LinkPeer peer() {
        return peer;
    }

    @Override
    public Instant opened() {
        return Instant.EPOCH;
    }

    @Override
    public boolean isOpen() {
        return closed.isEmpty();
    }

    @Override
    public CompletionStage<Void> send(Message message) {
        if (trouble.isPresent()) {
            return CompletableFuture.failedStage(trouble.get());
        }
        sent.add(message);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void attach(LinkListener value) {
        listener = value;
    }

    @Override
    public void release(Duration grace) {}

    @Override
    public void close(String reason) {
        if (closed.isEmpty()) {
            closed = Optional.of(reason);
            if (listener != null) {
                listener.closed(reason);
            }
        }
    }

    @Override
    public LinkCounters counters() {
        return new LinkCounters(sent.size(), 0, 0, 0, 0, 0);
    }
}
