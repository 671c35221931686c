package io.skep.bus.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who waits for an answer to which message. A waiter is registered before its request is sent, so that no answer can come
 * too early; whoever removes it from the map, answer, limit or clean-up, is the only one to end it. Thread-safe.
 */
final class Waiters {

    /** One waiting requester; ends with the answers it asked for. */
    final class Waiter extends CompletableFuture<List<Message>> {
        private final String id;
        private final String target;
        private final long began = System.nanoTime();
        private final List<Message> answers = new ArrayList<>(1);
        private int missing;

        private Waiter(String id, String target, int missing) {
            this.id = id;
            this.target = target;
            this.missing = missing;
        }

        private synchronized Handed add(Message answer) {
            if (missing == 0) {
                return Handed.NOBODY;
            }
            answers.add(answer);
            return --missing == 0 ? new Handed(true, Optional.of(this)) : Handed.ONE_OF_MANY;
        }

        private synchronized List<Message> answers() {
            return List.copyOf(answers);
        }

        /** Ends the wait without an answer; {@code false} when it had ended. */
        boolean fail(Reason reason, String why) {
            if (!waiting.remove(id, this)) {
                return false;
            }
            count(reason);
            return completeExceptionally(new EdgeException(reason, why));
        }

        String target() {
            return target;
        }
    }

    /**
     * What became of an answer.
     *
     * @param taken whether somebody waited for it
     * @param complete the wait that has all its answers now
     */
    record Handed(boolean taken, Optional<Waiter> complete) {
        static final Handed NOBODY = new Handed(false, Optional.empty());
        static final Handed ONE_OF_MANY = new Handed(true, Optional.empty());
    }

    private final Map<String, Waiter> waiting = new ConcurrentHashMap<>();
    private final LongAdder answered = new LongAdder();
    private final LongAdder answerNanos = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /**
     * Registers a wait for {@code answers} answers to {@code request}.
     *
     * @throws EdgeException {@code CONFLICT} when somebody waits for an answer to a message of this id already
     */
    Waiter register(Message request, String target, int answers) {
        Waiter waiter = new Waiter(request.id(), target, answers);
        if (waiting.putIfAbsent(request.id(), waiter) != null) {
            throw new EdgeException(
                    Reason.CONFLICT,
                    "a request of the id " + request.id() + " is under way already; give it a new one");
        }
        return waiter;
    }

    /** Hands in an answer. A wait that is complete with it is ended by {@link #finish}, where its dependents may run. */
    Handed hand(Message reply) {
        Waiter waiter = waiting.get(reply.parentId());
        if (waiter == null) {
            return Handed.NOBODY;
        }
        Handed handed = waiter.add(reply);
        return handed.complete().isEmpty() || waiting.remove(waiter.id, waiter) ? handed : Handed.NOBODY;
    }

    /** Ends a wait whose answers are all in; runs what depends on it. */
    void finish(Waiter waiter) {
        answered.increment();
        answerNanos.add(System.nanoTime() - waiter.began);
        waiter.complete(waiter.answers());
    }

    /** Fails all waits for answers of {@code target}. */
    void failAll(String target, Reason reason, String why) {
        waiting.values().stream().filter(w -> w.target.equals(target)).forEach(w -> w.fail(reason, why));
    }

    /** Fails all waits. */
    void failAll(Reason reason, String why) {
        waiting.values().forEach(w -> w.fail(reason, why));
    }

    private void count(Reason reason) {
        (reason == Reason.TIMEOUT ? timedOut : failed).increment();
    }

    /** Requests that wait now. */
    int size() {
        return waiting.size();
    }

    long answered() {
        return answered.sum();
    }

    long answerNanos() {
        return answerNanos.sum();
    }

    long timedOut() {
        return timedOut.sum();
    }

    long failed() {
        return failed.sum();
    }
}
