package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A link to nowhere that records what is sent and lets the test speak for the cloud. */
final class FakeLink implements Link {

    final List<Message> sent = new ArrayList<>();
    LinkListener listener;
    boolean released;
    private final Map<String, List<String>> headers;
    private boolean open = true;

    FakeLink(String features) {
        headers = Map.of("skep-features", List.of(features));
    }

    /** What was sent, keepalives apart. */
    List<Message> messages() {
        return sent.stream()
                .filter(m -> !m.route().operation().equals("keepalive"))
                .toList();
    }

    /** The cloud closes it. */
    void drop(String reason) {
        open = false;
        listener.closed(reason);
    }

    @Override
    public CompletionStage<Void> send(Message message) {
        if (!open) {
            return CompletableFuture.failedFuture(new EdgeException(Reason.SERVICE_UNAVAILABLE, "closed"));
        }
        sent.add(message);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void attach(LinkListener value) {
        listener = value;
        released = false;
    }

    @Override
    public void release(Duration grace) {
        listener = null;
        released = true;
    }

    @Override
    public void close(String reason) {
        open = false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public long number() {
        return 1;
    }

    @Override
    public String key() {
        return CloudLine.KEY;
    }

    @Override
    public LinkPeer peer() {
        return new LinkPeer(InetSocketAddress.createUnresolved("cloud", 10000), "/", headers, List.of());
    }

    @Override
    public Instant opened() {
        return Instant.EPOCH;
    }

    @Override
    public LinkCounters counters() {
        return new LinkCounters(sent.size(), 0, 0, 0, 0, 0);
    }
}
