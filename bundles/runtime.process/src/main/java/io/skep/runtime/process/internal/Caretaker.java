package io.skep.runtime.process.internal;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after running containers on its one thread {@code edge-process}: sees at once when a supervisor records an exit
 * (inotify, with a thread of the JDK's), carries output into the logs at each tick, and every two seconds looks for those
 * that ended without a trace.
 */
final class Caretaker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);
    private static final Duration REPAIR = Duration.ofSeconds(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Path exits;
    private final Duration tick;
    private final Supplier<Collection<ProcessContainer>> containers;
    private final Function<String, Optional<ProcessContainer>> byId;
    private final Ends ends;
    private final AtomicLong logFailures = new AtomicLong();
    private final WatchService watch;
    private final Thread thread;
    private volatile boolean stopped;
    private long repaired = System.nanoTime();

    Caretaker(
            Path exits,
            Duration tick,
            Supplier<Collection<ProcessContainer>> containers,
            Function<String, Optional<ProcessContainer>> byId,
            Ends ends)
            throws IOException {
        this.exits = exits;
        this.tick = tick;
        this.containers = containers;
        this.byId = byId;
        this.ends = ends;
        this.watch = watch(exits);
        this.thread = new Thread(this::run, "edge-process");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Times that output could not be carried into a log; it stays where it is and is tried again. */
    long logFailures() {
        return logFailures.get();
    }

    @Override
    public void close() {
        stopped = true;
        try {
            // Not interrupted: that would close the log it may be writing.
            if (watch != null) {
                watch.close();
            }
            thread.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("watch not closed: folder={} error={}", exits, e.getMessage());
        }
    }

    private void run() {
        while (!stopped) {
            try {
                waitForExits();
                carryLogs();
                if (watch == null || System.nanoTime() - repaired > REPAIR.toNanos()) {
                    repaired = System.nanoTime();
                    containers.get().forEach(ends::check);
                }
            } catch (InterruptedException | ClosedWatchServiceException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("cannot look after containers: going on", e);
            }
        }
    }

    private void waitForExits() throws InterruptedException {
        if (watch == null) {
            Thread.sleep(tick.toMillis());
            return;
        }
        WatchKey key = watch.poll(tick.toMillis(), TimeUnit.MILLISECONDS);
        if (key == null) {
            return;
        }
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.context() instanceof Path name) {
                byId.apply(name.toString()).ifPresent(ends::check);
            } else {
                // More came than the kernel keeps.
                containers.get().forEach(ends::check);
            }
        }
        key.reset();
    }

    private void carryLogs() {
        for (ProcessContainer each : containers.get()) {
            if (each.running()) {
                try {
                    each.log().pump();
                } catch (IOException e) {
                    if (logFailures.getAndIncrement() % 1000 == 0) {
                        LOG.warn(
                                "cannot write a log: retrying: container={} file={}",
                                each.id(),
                                each.record().logFile(),
                                e);
                    }
                }
            }
        }
    }

    private static WatchService watch(Path folder) throws IOException {
        try {
            WatchService service = FileSystems.getDefault().newWatchService();
            folder.register(service, StandardWatchEventKinds.ENTRY_CREATE);
            return service;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("exits can't be watched: polling instead: folder={} reason={}", folder, e.getMessage());
            return null;
        }
    }
}
