package io.skep.cloudhub.internal;

import io.skep.core.api.bus.BusStatus;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A real module thread and a bus of two ends, for tests over real sockets. */
final class OneThread implements ModuleContext, MessageBus, AutoCloseable {

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Consumer<Message>> receivers = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();
    private volatile boolean running = true;

    /** Hands what is sent to a module to {@code receiver}, on the module's thread. */
    void route(String module, Consumer<Message> receiver) {
        receivers.put(module, receiver);
    }

    void start(EdgeModule module, Handover handover) {
        call(() -> {
            module.start(this, handover);
            return true;
        });
    }

    Handover stop(EdgeModule module) {
        Handover left = call(module::stop);
        running = false;
        return left;
    }

    <T> T call(Callable<T> job) {
        try {
            return thread.submit(job).get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void onThread(Runnable task) {
        if (running) {
            task.run();
        }
    }

    @Override
    public void close() {
        running = false;
        thread.shutdownNow();
    }

    @Override
    public String module() {
        return "cloudhub";
    }

    @Override
    public MessageBus bus() {
        return this;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public void execute(Runnable task) {
        if (!thread.isShutdown()) {
            thread.execute(() -> onThread(task));
        }
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        ScheduledFuture<?> timer = thread.schedule(() -> onThread(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public Timer every(Duration period, Runnable task) {
        ScheduledFuture<?> timer = thread.scheduleAtFixedRate(
                () -> onThread(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then) {
        execute(() -> {
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
    public Delivery send(String module, Message message) {
        Consumer<Message> receiver = receivers.get(module);
        if (receiver == null) {
            return Delivery.DROPPED;
        }
        execute(() -> receiver.accept(message));
        return Delivery.ACCEPTED;
    }

    @Override
    public Delivery sendResp(Message reply) {
        CompletableFuture<Message> asker = waiting.remove(reply.parentId());
        return asker != null && asker.complete(reply) ? Delivery.ACCEPTED : Delivery.DROPPED;
    }

    @Override
    public CompletionStage<Message> request(String module, Message message, Duration timeout) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        waiting.put(message.id(), answer);
        send(module, message);
        return answer.orTimeout(20, TimeUnit.SECONDS);
    }

    @Override
    public void addModule(String module) {}

    @Override
    public void addModuleGroup(String module, String group) {}

    @Override
    public void cleanup(String module) {}

    @Override
    public Message receive(String module) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Message sendSync(String module, Message message, Duration timeout) {
        return request(module, message, timeout).toCompletableFuture().join();
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
        return new BusStatus(List.of(), Map.of());
    }
}
