package io.skep.runtime.cri.internal;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.skep.runtime.cri.internal.wire.Cri;
import io.skep.runtime.cri.internal.wire.RuntimeServiceGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the engine for a sign of life, again and again. One that is dead says so by its socket; one that hangs takes every
 * call and answers none, and a call's own limit is long, for a busy engine. Lives on Netty's thread, once begun.
 */
final class Pulse implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    /**
     * Unanswered questions in a row after which work under way is given up, too: a question is asked again for nothing, but
     * a start that a busy engine would have done is done anew.
     */
    private static final int PATIENCE = 3;

    private final Engine engine;
    private final Duration limit;
    private volatile CancellableContext answering = Context.ROOT.withCancellation();
    private volatile CancellableContext working = Context.ROOT.withCancellation();
    private int unanswered;
    private volatile Runnable changed = () -> {};
    private volatile boolean closed;

    /** @param limit how long the engine may take, and the pause after an answer */
    Pulse(Engine engine, Duration limit) {
        this.engine = engine;
        this.limit = limit;
    }

    /** Begins to ask; {@code listener} hears when the engine ceases to answer and when it answers again, and must not block. */
    void begin(Runnable listener) {
        changed = listener;
        ask();
    }

    /** For questions to the engine: cancelled as soon as it hangs, so that they fail at once, those under way too. */
    Context answering() {
        return answering;
    }

    /** For all that the engine is to do: cancelled when it hangs for longer, so that nobody waits out a call's own limit. */
    Context working() {
        return working;
    }

    @Override
    public void close() {
        closed = true;
        answering.cancel(null);
        working.cancel(null);
    }

    private void ask() {
        if (closed) {
            return;
        }
        RuntimeServiceGrpc.newStub(engine.channel())
                .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                .version(Cri.VersionRequest.getDefaultInstance(), new StreamObserver<>() {
                    @Override
                    public void onNext(Cri.VersionResponse version) {
                        // onCompleted follows
                    }

                    @Override
                    public void onError(Throwable why) {
                        heard(Status.fromThrowable(why).getCode() != Status.Code.DEADLINE_EXCEEDED);
                    }

                    @Override
                    public void onCompleted() {
                        heard(true);
                    }
                });
    }

    /** A refusal is an answer, too. */
    private void heard(boolean answer) {
        if (closed) {
            return;
        }
        if (answer) {
            answers();
        } else {
            hangs();
        }
        // A question that waits at an engine that hangs is answered as soon as it goes on
        engine.later(answer ? limit : Duration.ZERO, this::ask);
    }

    private void answers() {
        unanswered = 0;
        if (working.isCancelled()) {
            working = Context.ROOT.withCancellation();
        }
        if (answering.isCancelled()) {
            answering = Context.ROOT.withCancellation();
            LOG.info("container engine answers again: socket={}", engine.socket());
            changed.run();
        }
    }

    private void hangs() {
        unanswered++;
        if (answering.cancel(silence())) {
            LOG.warn("container engine hangs, its containers run on: socket={}", engine.socket());
            changed.run();
        }
        if (unanswered >= PATIENCE && working.cancel(silence())) {
            LOG.warn("container engine hangs on, calls under way are given up: socket={}", engine.socket());
        }
    }

    private StatusRuntimeException silence() {
        return Status.UNAVAILABLE
                .withDescription("the engine takes calls and answers none for "
                        + limit.multipliedBy(unanswered).toMillis() + " ms")
                .asRuntimeException();
    }
}
