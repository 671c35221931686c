package io.skep.bus.internal.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs modules' background jobs: those of one module and key one after the other, others side by side.
 *
 * <p>Threads: up to {@code threads} named {@code edge-work-<n>}, made when a job finds none idle, gone after resting for
 * {@code idle}. {@link #close} ends them.
 */
public final class WorkerPool {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

    private record Key(String module, String key) {}

    private static final class Lane {
        private final Key key;
        private final ArrayDeque<Runnable> jobs = new ArrayDeque<>();

        Lane(Key key) {
            this.key = key;
        }
    }

    private final int threads;
    private final int jobsPerModule;
    private final long idleNanos;
    private final Map<Key, Lane> lanes = new HashMap<>();
    private final Map<String, Integer> waiting = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private final Set<Thread> workers = new HashSet<>();
    private int resting;
    private int number;
    private boolean closed;

    /** A pool without threads yet; {@code jobsPerModule} bounds the jobs of one module that wait. */
    public WorkerPool(int threads, int jobsPerModule, Duration idle) {
        this.threads = threads;
        this.jobsPerModule = jobsPerModule;
        this.idleNanos = idle.toNanos();
    }

    /** Queues a job; {@code false} when the module has too many waiting, or the pool is closed. Never blocks. */
    public synchronized boolean submit(String module, String key, Runnable job) {
        int before = waiting.getOrDefault(module, 0);
        if (closed || before >= jobsPerModule) {
            return false;
        }
        waiting.put(module, before + 1);
        Lane lane = lanes.get(new Key(module, key));
        if (lane == null) {
            lane = new Lane(new Key(module, key));
            lanes.put(lane.key, lane);
            ready.add(lane);
            rouse();
        }
        lane.jobs.add(job);
        return true;
    }

    private void rouse() {
        if (resting > 0) {
            notify();
        }
        if (resting < ready.size() && workers.size() < threads) {
            Thread worker = new Thread(this::work, "edge-work-" + ++number);
            worker.setDaemon(true);
            worker.setContextClassLoader(WorkerPool.class.getClassLoader());
            workers.add(worker);
            worker.start();
        }
    }

    private void work() {
        Lane lane;
        while ((lane = nextLane()) != null) {
            Runnable job = nextJob(lane);
            try {
                job.run();
            } catch (RuntimeException | Error e) {
                LOG.error("background job escaped: module={} key={}", lane.key.module(), lane.key.key(), e);
            }
            // A job's leftover interrupt must not end somebody else's.
            if (!isClosed()) {
                Thread.interrupted();
            }
            done(lane);
        }
    }

    private synchronized Lane nextLane() {
        long until = System.nanoTime() + idleNanos;
        try {
            while (ready.isEmpty() && !closed) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                resting++;
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } finally {
                    resting--;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Lane lane = closed ? null : ready.poll();
        if (lane == null) {
            workers.remove(Thread.currentThread());
        }
        return lane;
    }

    private synchronized Runnable nextJob(Lane lane) {
        waiting.computeIfPresent(lane.key.module(), (m, n) -> n == 1 ? null : n - 1);
        return lane.jobs.poll();
    }

    private synchronized void done(Lane lane) {
        if (lane.jobs.isEmpty()) {
            lanes.remove(lane.key);
        } else {
            ready.add(lane);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Threads there are now. */
    public synchronized int size() {
        return workers.size();
    }

    /** Threads that wait for a job now. */
    synchronized int resting() {
        return resting;
    }

    /** Jobs that wait now. */
    public synchronized int waiting() {
        return waiting.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Drops what waits, interrupts what runs and returns without waiting for it. May be called twice. */
    public synchronized void close() {
        closed = true;
        ready.clear();
        lanes.clear();
        waiting.clear();
        workers.forEach(Thread::interrupt);
        notifyAll();
    }
}
