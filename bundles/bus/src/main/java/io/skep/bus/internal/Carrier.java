package io.skep.bus.internal;

import io.skep.bus.internal.Losses.Loss;
import io.skep.bus.internal.Waiters.Handed;
import io.skep.bus.internal.Waiters.Waiter;
import io.skep.bus.internal.mail.MessageJson;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.BusTopics;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Message;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries messages through Event Admin: what the bus sends becomes an event, and every event on the bus's topics, ours or
 * from a bundle that only knows the OSGi API, becomes a message in a mailbox.
 */
final class Carrier {

    private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);
    private static final String MODULE = BusTopics.module("");
    private static final String GROUP = BusTopics.group("");

    private final EventAdmin events;
    private final Post post;
    private final Waiters waiters;
    private final Losses losses;
    private final ScheduledExecutorService timer;
    private volatile boolean closed;

    Carrier(EventAdmin events, Post post, Waiters waiters, Losses losses, ScheduledExecutorService timer) {
        this.events = events;
        this.post = post;
        this.waiters = waiters;
        this.losses = losses;
        this.timer = timer;
    }

    /** Takes nothing more; what is sent from now on is dropped. */
    void close() {
        closed = true;
    }

    /** Sends to a module; one that is not there is a loss. */
    Delivery toModule(String module, Message message) {
        return counted(send(post.module(module), message), module, message, Loss.NO_MODULE);
    }

    /** Sends to all members of a group; one that has none is a loss. */
    Delivery toGroup(String group, Message message) {
        return counted(send(post.group(group), message), group, message, Loss.EMPTY_GROUP);
    }

    private Delivery counted(Delivery delivery, String target, Message message, Loss loss) {
        if (delivery == Delivery.DROPPED) {
            losses.count(loss, 1);
            LOG.debug("nobody takes the message: to={} id={} route={}", target, message.id(), message.route());
        }
        return delivery;
    }

    /** Sends one message and returns what became of it. */
    Delivery send(Address address, Message message) {
        if (closed) {
            return Delivery.DROPPED;
        }
        Parcel parcel = new Parcel(address, message);
        events.sendEvent(parcel.event());
        return parcel.deliver();
    }

    /** Sends an answer; whoever waits for it goes on, on this thread, after the event. */
    Delivery reply(Message reply) {
        AtomicReference<Waiter> complete = new AtomicReference<>();
        Address waiting = new Address() {
            @Override
            public String topic() {
                return BusTopics.REPLY;
            }

            @Override
            public Delivery deliver(Message message) {
                return hand(message, complete);
            }
        };
        Delivery delivery = send(waiting, reply);
        if (complete.get() != null) {
            waiters.finish(complete.get());
        }
        return delivery;
    }

    private Delivery hand(Message reply, AtomicReference<Waiter> complete) {
        Handed handed = waiters.hand(reply);
        handed.complete().ifPresent(complete::set);
        if (!handed.taken()) {
            losses.count(Loss.NO_WAITER, 1);
            LOG.debug("nobody waits for the answer: id={} parent={}", reply.id(), reply.parentId());
        }
        return handed.taken() ? Delivery.ACCEPTED : Delivery.DROPPED;
    }

    /** Takes in one event on the bus's topics. */
    void receive(Event event) {
        if (closed) {
            return; // our own sender hears DROPPED, a foreign one spoke too late
        }
        if (event.getProperty(BusTopics.JSON) instanceof Parcel parcel && parcel.travelsIn(event)) {
            parcel.deliver();
            return;
        }
        try {
            foreign(event.getTopic(), read(event));
        } catch (EdgeException e) {
            losses.count(Loss.MALFORMED, 1);
            LOG.debug("event is no message: topic={} reason={}", event.getTopic(), e.getMessage());
        }
    }

    private static Message read(Event event) {
        if (event.getProperty(BusTopics.MESSAGE) instanceof Message message) {
            return message;
        }
        if (event.getProperty(BusTopics.JSON) instanceof CharSequence json) {
            return MessageJson.read(json.toString());
        }
        throw new EdgeException(
                Reason.BAD_REQUEST, "neither " + BusTopics.MESSAGE + " nor " + BusTopics.JSON + " is usable");
    }

    private void foreign(String topic, Message message) {
        if (topic.startsWith(MODULE)) {
            String module = topic.substring(MODULE.length());
            deliver(post.module(module), module, 1, message, Loss.NO_MODULE);
        } else if (topic.startsWith(GROUP)) {
            String group = topic.substring(GROUP.length());
            deliver(post.group(group), group, Math.max(1, post.members(group)), message, Loss.EMPTY_GROUP);
        } else if (topic.equals(BusTopics.REPLY)) {
            AtomicReference<Waiter> complete = new AtomicReference<>();
            hand(message, complete);
            if (complete.get() != null) {
                waiters.finish(complete.get());
            }
        } else {
            throw new EdgeException(Reason.BAD_REQUEST, "no topic of the bus");
        }
    }

    private void deliver(Address address, String target, int answers, Message message, Loss loss) {
        if (message.header().sync()) {
            awaitAnswer(target, answers, message);
        }
        Delivery delivery = counted(address.deliver(message), target, message, loss);
        if (!delivery.taken() && message.header().sync()) {
            reply(message.error(target, new EdgeException(Reason.SERVICE_UNAVAILABLE, refusal(target, delivery))));
        }
    }

    // A foreign asker listens to the reply topic. The waiter here lets its answer count as wanted, and limits the wait.
    private void awaitAnswer(String target, int answers, Message message) {
        Waiter waiter = waiters.register(message, target, answers);
        limit(waiter, MessageBus.DEFAULT_TIMEOUT);
    }

    /** Ends the wait with {@code TIMEOUT} once {@code limit} has passed. */
    void limit(Waiter waiter, Duration limit) {
        Future<?> pending;
        try {
            pending = timer.schedule(() -> timeOut(waiter), limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            waiter.fail(Reason.SERVICE_UNAVAILABLE, "the bus is stopping");
            return;
        }
        waiter.whenComplete((answers, failure) -> pending.cancel(false));
    }

    static boolean timeOut(Waiter waiter) {
        return waiter.fail(Reason.TIMEOUT, "no answer from " + waiter.target() + " in time");
    }

    static String refusal(String target, Delivery delivery) {
        return delivery == Delivery.DROPPED ? "there is no " + target : "the mailbox of " + target + " is full";
    }
}
