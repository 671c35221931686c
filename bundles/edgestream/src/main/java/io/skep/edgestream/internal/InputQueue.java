package io.skep.edgestream.internal;

import io.skep.core.api.module.ModuleContext;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cloud sends to a command that may take its time to read it. When {@link #MAX_BYTES} wait, the tunnel is not read
 * on, for all of the node's streams alike; a command that takes nothing at all for {@link #PATIENCE} therefore loses its
 * stream. Written from the module's thread, emptied by one of {@link Threads}.
 */
final class InputQueue implements Runnable {

    /** Bytes that may wait. */
    static final int MAX_BYTES = 1 << 20;

    /** Shorter than the silence a cloud puts up with. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(InputQueue.class);

    private static final byte[] END = new byte[0];

    private final ModuleContext context;
    private final OutputStream to;
    private final Runnable stuck;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private CompletableFuture<Void> room = CompletableFuture.completedFuture(null);
    private Optional<ModuleContext.Timer> patience = Optional.empty();
    private long takenBefore;
    private boolean ended;
    private volatile boolean broken;

    /** @param stuck told on the module's thread when nothing is taken */
    InputQueue(ModuleContext context, OutputStream to, Runnable stuck) {
        this.context = context;
        this.to = to;
        this.stuck = stuck;
    }

    /** Adds bytes; completes when there is room for more. */
    CompletionStage<Void> add(byte[] bytes) {
        if (ended || broken || bytes.length == 0) {
            return CompletableFuture.completedFuture(null);
        }
        queue.add(bytes);
        if (waiting.addAndGet(bytes.length) > MAX_BYTES && room.isDone()) {
            room = new CompletableFuture<>();
            watch();
            look();
        }
        return room;
    }

    /** No more follows; the command's input is closed when it has taken the rest. */
    void end() {
        if (!ended) {
            ended = true;
            queue.add(END);
        }
    }

    /** Nobody is interested any more. */
    void close() {
        broken = true;
        ended = true;
        queue.clear();
        queue.add(END);
        room.complete(null);
        patience.ifPresent(ModuleContext.Timer::cancel);
    }

    private void watch() {
        takenBefore = taken.get();
        patience = Optional.of(context.after(PATIENCE, () -> {
            if (!room.isDone() && taken.get() == takenBefore) {
                stuck.run();
            } else if (!room.isDone()) {
                watch();
            }
        }));
    }

    /** On the module's thread: lets the tunnel go on when there is room again. */
    private void look() {
        if (!room.isDone() && (broken || waiting.get() <= MAX_BYTES / 2)) {
            patience.ifPresent(ModuleContext.Timer::cancel);
            room.complete(null);
        }
    }

    @Override
    public void run() {
        try {
            for (byte[] next = queue.take(); next != END; next = queue.take()) {
                if (!broken) {
                    to.write(next);
                    to.flush();
                }
                taken.addAndGet(next.length);
                waiting.addAndGet(-next.length);
                context.execute(this::look);
            }
            to.close();
        } catch (IOException e) {
            // Not closed: with an engine's line would go what the command said last and nobody has read yet.
            LOG.debug("command takes no more input: reason={}", e.getMessage());
            broken = true;
            context.execute(this::look);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
