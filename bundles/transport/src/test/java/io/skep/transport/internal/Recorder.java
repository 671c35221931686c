package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Message;
import io.skep.transport.LinkListener;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a link brings. {@link #hold} makes it slow: then nothing is dealt with until {@link #finish}. */
final class Recorder implements LinkListener {

    private static final int LIMIT_SECONDS = 30;

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Void>> open = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private volatile boolean holding;

    Recorder hold() {
        holding = true;
        return this;
    }

    void finish() {
        holding = false;
        open.forEach(stage -> stage.complete(null));
    }

    @Override
    public CompletionStage<Void> received(Message message) {
        messages.add(message);
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (holding) {
            open.add(done);
        } else {
            done.complete(null);
        }
        return done;
    }

    @Override
    public void closed(String reason) {
        closed.complete(reason);
    }

    Message next() throws InterruptedException {
        Message message = messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a message within %d s", LIMIT_SECONDS).isNotNull();
        return message;
    }

    int waiting() {
        return messages.size();
    }

    boolean isClosed() {
        return closed.isDone();
    }

    String reason() throws Exception {
        return closed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
