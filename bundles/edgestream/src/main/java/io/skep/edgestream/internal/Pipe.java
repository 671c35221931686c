package io.skep.edgestream.internal;

import io.skep.core.api.module.ModuleContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a stream that blocks to the module's thread, piece by piece, no faster than the cloud takes them. */
final class Pipe implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Pipe.class);

    private static final int PIECE_BYTES = 16 << 10;
    private static final long LOOK_MILLIS = 200;

    private final ModuleContext context;
    private final InputStream from;
    private final Function<byte[], CompletionStage<Void>> to;
    private final BooleanSupplier stopped;
    private final Runnable ended;

    /**
     * @param to takes a piece, on the module's thread
     * @param stopped whether nobody wants more
     * @param ended told on the module's thread when the stream has ended or failed
     */
    Pipe(
            ModuleContext context,
            InputStream from,
            Function<byte[], CompletionStage<Void>> to,
            BooleanSupplier stopped,
            Runnable ended) {
        this.context = context;
        this.from = from;
        this.to = to;
        this.stopped = stopped;
        this.ended = ended;
    }

    @Override
    public void run() {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            for (int read = from.read(piece); read >= 0 && pass(Arrays.copyOf(piece, read)); read = from.read(piece)) {
                // passed on
            }
        } catch (IOException e) {
            LOG.debug("stream of a command broke: reason={}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        context.execute(ended);
    }

    /** Whether it was taken; the module may stop before. */
    private boolean pass(byte[] piece) throws InterruptedException {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        context.execute(() -> to.apply(piece).whenComplete((done, failure) -> {
            if (failure == null) {
                taken.complete(null);
            } else {
                taken.completeExceptionally(failure);
            }
        }));
        while (!stopped.getAsBoolean()) {
            try {
                taken.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                // The cloud is slow; or nobody is there any more.
            } catch (ExecutionException e) {
                return false;
            }
        }
        return false;
    }
}
