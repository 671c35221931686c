package io.skep.cloudstream.internal;

import io.skep.kube.api.Status;
import io.skep.kube.api.stream.PodStreamListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Who asked for a stream; takes everything at once unless told to be slow. */
final class Caller implements PodStreamListener {

    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    final CompletableFuture<Optional<Status>> end = new CompletableFuture<>();
    private volatile CompletableFuture<Void> pace = CompletableFuture.completedFuture(null);
    private volatile CompletableFuture<Void> heardSome = new CompletableFuture<>();

    /** Takes the next bytes and no more until the future is completed. */
    CompletableFuture<Void> slow() {
        pace = new CompletableFuture<>();
        return pace;
    }

    @Override
    public CompletionStage<Void> received(byte[] data) {
        synchronized (heard) {
            heard.writeBytes(data);
        }
        heardSome.complete(null);
        return pace;
    }

    @Override
    public void ended(Optional<Status> failure) {
        end.complete(failure);
    }

    String text() {
        synchronized (heard) {
            return heard.toString(StandardCharsets.UTF_8);
        }
    }

    void awaitBytes() throws Exception {
        heardSome.get(20, TimeUnit.SECONDS);
        heardSome = new CompletableFuture<>();
    }

    Optional<Status> awaitEnd() throws Exception {
        return end.get(20, TimeUnit.SECONDS);
    }
}
