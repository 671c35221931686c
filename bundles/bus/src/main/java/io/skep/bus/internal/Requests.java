package io.skep.bus.internal;

import io.skep.bus.internal.Waiters.Waiter;
import io.skep.bus.internal.mail.Mailbox;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends messages that want an answer and waits for it, on the caller's thread or on none. */
final class Requests {

    // A module at leisure answers within some ten microseconds, and to be put to sleep and woken costs several times
    // that: so who waits looks on for that long first. Not on one processor, where it would only keep the module from
    // running.
    private static final long LOOKING_NANOS =
            Runtime.getRuntime().availableProcessors() > 1 ? TimeUnit.MICROSECONDS.toNanos(50) : 0;

    private final Post post;
    private final Carrier carrier;
    private final Waiters waiters;

    Requests(Post post, Carrier carrier, Waiters waiters) {
        this.post = post;
        this.carrier = carrier;
        this.waiters = waiters;
    }

    /** See {@link MessageBus#sendSync}. */
    Message ask(String module, Message message, Duration timeout) {
        if (post.mailbox(module).filter(Mailbox::isReadByCaller).isPresent()) {
            throw new EdgeException(Reason.INVALID, module + " would wait for itself: " + message.route());
        }
        return ask(post.module(module), module, 1, message, timeout).get(0);
    }

    /** See {@link MessageBus#sendToGroupSync}. */
    List<Message> askGroup(String group, Message message, Duration timeout) {
        return ask(post.group(group), group, Math.max(1, post.members(group)), message, timeout);
    }

    private List<Message> ask(Address address, String target, int answers, Message message, Duration timeout) {
        Message request = asRequest(message);
        Waiter waiter = waiters.register(request, target, answers);
        send(address, request, waiter);
        return await(waiter, limit(timeout));
    }

    /** Sends and returns the stage of the one answer; every failure ends the stage. */
    CompletionStage<Message> begin(String module, Message message, Duration timeout) {
        Address address = post.module(module);
        Message request = asRequest(message);
        Waiter waiter;
        try {
            waiter = waiters.register(request, module, 1);
        } catch (EdgeException e) {
            return CompletableFuture.failedFuture(e);
        }
        send(address, request, waiter);
        if (!waiter.isDone()) {
            carrier.limit(waiter, limit(timeout));
        }
        return answer(waiter);
    }

    // Not thenApply: that would hand callers the failure wrapped, and the contract promises an EdgeException.
    private static CompletionStage<Message> answer(Waiter waiter) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        waiter.whenComplete((answers, failure) -> {
            if (failure == null) {
                answer.complete(answers.get(0));
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    private void send(Address address, Message request, Waiter waiter) {
        Delivery delivery;
        try {
            delivery = carrier.send(address, request);
        } catch (RuntimeException e) {
            waiter.fail(Reason.INTERNAL_ERROR, "cannot send to " + waiter.target() + ": " + e);
            throw e;
        }
        if (!delivery.taken()) {
            waiter.fail(Reason.SERVICE_UNAVAILABLE, Carrier.refusal(waiter.target(), delivery));
        }
    }

    private static Message asRequest(Message message) {
        return message.header().sync()
                ? message
                : message.withHeader(message.header().withSync(true));
    }

    private static Duration limit(Duration timeout) {
        return timeout.isZero() || timeout.isNegative() ? MessageBus.DEFAULT_TIMEOUT : timeout;
    }

    private static List<Message> await(Waiter waiter, Duration limit) {
        long start = System.nanoTime();
        while (!waiter.isDone() && System.nanoTime() - start < LOOKING_NANOS) {
            Thread.onSpinWait();
        }
        try {
            return waiter.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // The answer may have come in this very moment: then it counts.
            Carrier.timeOut(waiter);
            return join(waiter);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            waiter.fail(Reason.SERVICE_UNAVAILABLE, "interrupted while waiting for " + waiter.target());
            return join(waiter);
        } catch (ExecutionException e) {
            return join(waiter);
        }
    }

    private static List<Message> join(Waiter waiter) {
        try {
            return waiter.join();
        } catch (CompletionException e) {
            EdgeException why = (EdgeException) e.getCause();
            throw new EdgeException(why.reason(), why.getMessage(), why);
        }
    }
}
