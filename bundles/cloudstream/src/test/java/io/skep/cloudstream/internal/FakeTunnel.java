package io.skep.cloudstream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A tunnel whose frames the test reads, and that breaks when told. */
final class FakeTunnel implements Tunnel {

    final List<TunnelFrame> sent = new ArrayList<>();
    Optional<String> closed = Optional.empty();
    boolean broken;
    int pings;
    Duration silence = Duration.ZERO;

    @Override
    public CompletionStage<Void> send(TunnelFrame frame) {
        if (broken) {
            return CompletableFuture.failedFuture(
                    new EdgeException(Reason.SERVICE_UNAVAILABLE, "the tunnel is closed"));
        }
        sent.add(frame);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void ping(String text) {
        pings++;
    }

    @Override
    public Duration silence() {
        return silence;
    }

    @Override
    public void close(String reason) {
        closed = Optional.of(reason);
    }

    TunnelFrame last() {
        return sent.get(sent.size() - 1);
    }
}
