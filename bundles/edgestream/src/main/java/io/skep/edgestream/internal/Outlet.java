package io.skep.edgestream.internal;

import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where one stream writes to: its end of the tunnel. Thread-safe. */
final class Outlet {

    private final Tunnel tunnel;
    private final long id;
    private final int frameBytes;

    /** @param frameBytes most bytes in a frame */
    Outlet(Tunnel tunnel, long id, int frameBytes) {
        this.tunnel = tunnel;
        this.id = id;
        this.frameBytes = frameBytes;
    }

    /**
     * Sends bytes in order, in as many frames as it takes; completes when all were written. Whoever awaits that before
     * sending more lets a slow cloud slow it down.
     */
    CompletionStage<Void> send(byte[] bytes) {
        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += frameBytes) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + frameBytes));
            written.add(tunnel.send(TunnelFrame.data(id, part)).toCompletableFuture());
        }
        return CompletableFuture.allOf(written.toArray(CompletableFuture[]::new));
    }

    /** Ends the stream at the cloud. */
    CompletionStage<Void> remove() {
        return tunnel.send(TunnelFrame.remove(id));
    }
}
