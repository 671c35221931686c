package io.skep.core.api.module;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.BusStatus;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/**
 * A {@link ModuleContext} for unit tests, on the test's own thread and a clock the test moves. Background work runs when
 * the test says {@link #runWork}; what the module sends is recorded; a request stays open until {@link #answer}.
 */
public final class FakeModuleContext implements ModuleContext, MessageBus {

    /** One message sent to a module or group. */
    public record Sent(String to, Message message) {}

    private record Due(Instant at, long number, Duration period, Runnable task) {}

    private final String module;
    private final List<Sent> sent = new ArrayList<>();
    private final List<Message> replies = new ArrayList<>();
    private final List<BusStatus.Mailbox> mailboxes = new ArrayList<>();
    private final Map<String, CompletableFuture<Message>> open = new java.util.LinkedHashMap<>();
    private final Queue<Runnable> jobs = new ConcurrentLinkedQueue<>();
    private final List<Due> timers = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long timerNumber;
    private Delivery delivery = Delivery.ACCEPTED;

    public FakeModuleContext(String module) {
        this.module = module;
    }

    /** What was sent by {@code send}, {@code sendToGroup} and {@code request}, in order. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** What was sent to one module or group. */
    public List<Message> sentTo(String receiver) {
        return sent.stream()
                .filter(s -> s.to().equals(receiver))
                .map(Sent::message)
                .toList();
    }

    /** The answers given by {@code sendResp}, in order. */
    public List<Message> replies() {
        return List.copyOf(replies);
    }

    /** Forgets what was recorded. */
    public void clear() {
        sent.clear();
        replies.clear();
    }

    /** What {@code send} and {@code sendToGroup} answer from now on. */
    public void deliverAs(Delivery value) {
        delivery = value;
    }

    /** Answers an open request. */
    public void answer(Message reply) {
        CompletableFuture<Message> waiting = open.remove(reply.parentId());
        if (waiting == null) {
            throw new IllegalStateException("nobody waits for " + reply.parentId());
        }
        waiting.complete(reply);
    }

    /** Fails an open request. */
    public void fail(Message request, EdgeException why) {
        open.remove(request.id()).completeExceptionally(why);
    }

    /** Runs background jobs, and what they cause, until there are none. */
    public void runWork() {
        while (!jobs.isEmpty()) {
            jobs.poll().run();
        }
    }

    /** Moves the clock and runs what falls due on the way, background work included. */
    public void advance(Duration by) {
        Instant end = now.plus(by);
        runWork();
        while (true) {
            Due next = timers.stream()
                    .filter(t -> !t.at().isAfter(end))
                    .min(Comparator.comparing(Due::at).thenComparing(Due::number))
                    .orElse(null);
            if (next == null) {
                break;
            }
            timers.remove(next);
            now = next.at().isAfter(now) ? next.at() : now;
            if (next.period() != null) {
                timers.add(new Due(now.plus(next.period()), next.number(), next.period(), next.task()));
            }
            next.task().run();
            runWork();
        }
        now = end;
    }

    @Override
    public String module() {
        return module;
    }

    @Override
    public MessageBus bus() {
        return this;
    }

    @Override
    public InstantSource clock() {
        return () -> now;
    }

    @Override
    public void execute(Runnable task) {
        jobs.add(task);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        return timer(new Due(now.plus(delay), timerNumber++, null, task));
    }

    @Override
    public Timer every(Duration period, Runnable task) {
        return timer(new Due(now.plus(period), timerNumber++, period, task));
    }

    private Timer timer(Due due) {
        timers.add(due);
        return () -> timers.removeIf(t -> t.number() == due.number());
    }

    @Override
    public <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then) {
        jobs.add(() -> {
            T result;
            try {
                result = job.call();
            } catch (Exception e) {
                then.accept(null, e);
                return;
            }
            then.accept(result, null);
        });
    }

    @Override
    public void addModule(String name) {
        mailboxes.add(new BusStatus.Mailbox(name, List.of(), 0, 0, 0, 0, 0));
    }

    @Override
    public void addModuleGroup(String name, String group) {}

    @Override
    public void cleanup(String name) {}

    @Override
    public Delivery send(String receiver, Message message) {
        sent.add(new Sent(receiver, message));
        return delivery;
    }

    @Override
    public Message receive(String name) {
        throw new UnsupportedOperationException("the host reads for modules");
    }

    @Override
    public Message sendSync(String receiver, Message message, Duration timeout) {
        try {
            return request(receiver, message, timeout).toCompletableFuture().getNow(null);
        } catch (CompletionException e) {
            throw (EdgeException) e.getCause();
        }
    }

    @Override
    public CompletionStage<Message> request(String receiver, Message message, Duration timeout) {
        sent.add(new Sent(receiver, message));
        CompletableFuture<Message> waiting = new CompletableFuture<>();
        open.put(message.id(), waiting);
        after(timeout.isNegative() || timeout.isZero() ? DEFAULT_TIMEOUT : timeout, () -> {
            if (open.remove(message.id(), waiting)) {
                waiting.completeExceptionally(
                        new EdgeException(Reason.TIMEOUT, "no answer from " + receiver + " to " + message.route()));
            }
        });
        return waiting;
    }

    @Override
    public Delivery sendResp(Message reply) {
        replies.add(reply);
        return Delivery.ACCEPTED;
    }

    @Override
    public Delivery sendToGroup(String group, Message message) {
        return send(group, message);
    }

    @Override
    public List<Message> sendToGroupSync(String group, Message message, Duration timeout) {
        return List.of(sendSync(group, message, timeout));
    }

    @Override
    public BusStatus status() {
        return new BusStatus(mailboxes, Map.of());
    }
}
