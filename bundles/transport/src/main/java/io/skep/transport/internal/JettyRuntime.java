package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads, timer and buffers that all ports and links of the process share.
 *
 * <p>Threads: {@code edge-link-N}, at least 2, at most {@link #MAX_THREADS}, of which one serves as selector for each port
 * and one for all links we opened with the same identity; {@code edge-link-timer}, one, ticks every link once a second.
 * {@link #stop} ends them.
 */
final class JettyRuntime {

    static final int MAX_THREADS = 24;

    private static final Logger LOG = LoggerFactory.getLogger(JettyRuntime.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    /** Buffers kept for re-use: up to 64 KiB each, and so much memory in all. */
    private static final int MAX_BUFFER = 64 << 10;

    private static final long MAX_POOLED_HEAP = 4 << 20;
    private static final long MAX_POOLED_DIRECT = 8 << 20;

    private final QueuedThreadPool threads = new OwnThreads();
    private final Scheduler timer =
            new ScheduledExecutorScheduler("edge-link-timer", true, JettyRuntime.class.getClassLoader());
    private final ByteBufferPool buffers =
            new ArrayByteBufferPool(0, 4096, MAX_BUFFER, 256, MAX_POOLED_HEAP, MAX_POOLED_DIRECT);
    private final WebSockets webSockets = new WebSockets(this);
    private final Set<LiveLink> links = ConcurrentHashMap.newKeySet();

    /** Its threads find classes and services through this bundle, whoever caused them to start. */
    private static final class OwnThreads extends QueuedThreadPool {

        OwnThreads() {
            super(MAX_THREADS, 2, 30_000);
            setName("edge-link");
            setDaemon(true);
            setStopTimeout(STOP_LIMIT.toMillis());
            setReservedThreads(0);
        }

        @Override
        public Thread newThread(Runnable job) {
            Thread thread = super.newThread(job);
            thread.setContextClassLoader(JettyRuntime.class.getClassLoader());
            return thread;
        }
    }

    void start() {
        withOwnLoader("threads cannot be started", () -> {
            threads.start();
            timer.start();
            return null;
        });
        timer.schedule(this::tick, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        long now = System.nanoTime();
        for (LiveLink link : links) {
            try {
                link.tick(now);
            } catch (RuntimeException e) {
                LOG.error("timer failed: link={}", link.key(), e);
            }
        }
        if (timer.isRunning()) {
            timer.schedule(this::tick, TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void stop() {
        LifeCycle.stop(timer);
        LifeCycle.stop(threads);
    }

    /** Watches a link's limits of time until {@link #forget}. */
    void watch(LiveLink link) {
        links.add(link);
    }

    void forget(LiveLink link) {
        links.remove(link);
    }

    Iterable<LiveLink> links() {
        return links;
    }

    void after(Duration delay, Runnable task) {
        if (timer.isRunning()) {
            timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Fails {@code stage} when it has not ended within {@code limit}. Not by {@code orTimeout}: the JDK's thread for that is
     * there for good, with the class loader of whatever module was the first to cause it.
     */
    <T> CompletableFuture<T> limited(CompletableFuture<T> stage, Duration limit) {
        Scheduler.Task late = timer.schedule(
                () -> threads.execute(() -> stage.completeExceptionally(new TimeoutException("no answer in time"))),
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        stage.whenComplete((result, failure) -> late.cancel());
        return stage;
    }

    Executor executor() {
        return threads;
    }

    QueuedThreadPool threads() {
        return threads;
    }

    Scheduler timer() {
        return timer;
    }

    ByteBufferPool buffers() {
        return buffers;
    }

    WebSockets webSockets() {
        return webSockets;
    }

    /**
     * Runs what starts a part of Jetty: it looks for services through the context class loader, which in OSGi is whatever
     * the caller had.
     */
    static <T> T withOwnLoader(String failure, Callable<T> start) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(JettyRuntime.class.getClassLoader());
        try {
            return start.call();
        } catch (EdgeException e) {
            throw e;
        } catch (Exception e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, failure + ": " + root.getMessage(), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
