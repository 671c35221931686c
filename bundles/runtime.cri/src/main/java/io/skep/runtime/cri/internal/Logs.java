package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerLogFiles;
import io.skep.runtime.cri.internal.wire.Cri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the logs that the engine writes within their limits: CRI leaves it to whoever uses the engine to move a full file
 * away and have the next one opened. All of it happens on one thread, {@code edge-cri-logs}.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/logs/container_log_manager.go}.
 */
final class Logs implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

    /** So many looks at the files go by until the engine is asked which there are. */
    private static final int LOOKS_A_LISTING = 10;

    private final Calls calls;
    private final Listings listings;
    private final LogLimits limits;
    private final Map<String, ContainerLogFiles> running = new HashMap<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread;
    private int looks;

    Logs(Calls calls, Listings listings, LogLimits limits) {
        this.calls = calls;
        this.listings = listings;
        this.limits = limits;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "edge-cri-logs");
            made.setDaemon(true);
            return made;
        });
    }

    /** Looks after them from now on; once is enough. */
    void watch() {
        if (begun.compareAndSet(false, true)) {
            long pause = limits.check().toMillis();
            thread.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Where a container's log is; empty when the engine has no such container, or keeps no log of it. */
    Optional<ContainerLogFiles> of(String containerId) throws ContainerException {
        return calls.container(containerId)
                .map(Cri.ContainerStatus::getLogPath)
                .filter(path -> !path.isEmpty())
                .map(path -> new ContainerLogFiles(Path.of(path)));
    }

    /** What is left of it goes with its pod. */
    void delete(ContainerLogFiles log) {
        try {
            log.delete();
        } catch (IOException e) {
            LOG.warn("log of a removed container is left behind: log={} reason={}", log.current(), e.toString());
        }
    }

    private void look() {
        try {
            if (looks++ % LOOKS_A_LISTING == 0) {
                list();
            }
            Map.copyOf(running).forEach(this::look);
        } catch (ContainerException e) {
            LOG.debug("no look at the logs: reason={}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("looking after the logs failed", e);
        }
    }

    private void list() throws ContainerException {
        Set<String> there = new HashSet<>();
        for (Cri.Container each : listings.containers()) {
            if (each.getState() == Cri.ContainerState.CONTAINER_RUNNING) {
                there.add(each.getId());
                if (!running.containsKey(each.getId())) {
                    of(each.getId()).ifPresent(log -> running.put(each.getId(), log));
                }
            }
        }
        running.keySet().retainAll(there);
    }

    private void look(String containerId, ContainerLogFiles log) {
        try {
            keep(containerId, log);
        } catch (IOException | ContainerException e) {
            // It may have ended; the next listing says.
            running.remove(containerId);
            if (e instanceof ContainerException failure && failure.code() == Code.NOT_FOUND) {
                LOG.debug("log without a container: container={} log={}", containerId, log.current());
            } else {
                LOG.warn("log not rotated: container={} log={} reason={}", containerId, log.current(), e.toString());
            }
        }
    }

    private void keep(String containerId, ContainerLogFiles log) throws IOException, ContainerException {
        boolean away = !Files.exists(log.current());
        if (!away && Files.size(log.current()) < limits.bytes()) {
            return;
        }
        if (!runs(containerId)) {
            // Its log went with it, or stays as it is; not every engine has a code of its own for that.
            running.remove(containerId);
        } else if (away) {
            // We were killed between the two steps, and the engine writes on where the file is now.
            reopen(containerId);
        } else {
            Path rotated = log.rotate(Instant.now());
            try {
                reopen(containerId);
            } catch (ContainerException e) {
                Files.move(rotated, log.current());
                throw e;
            }
            log.keep(limits.files(), limits.bytes());
        }
    }

    private boolean runs(String containerId) throws ContainerException {
        return calls.container(containerId)
                .filter(status -> status.getState() == Cri.ContainerState.CONTAINER_RUNNING)
                .isPresent();
    }

    private void reopen(String containerId) throws ContainerException {
        calls.runtime(
                "reopen the log of " + containerId,
                stub -> stub.reopenContainerLog(Cri.ReopenContainerLogRequest.newBuilder()
                        .setContainerId(containerId)
                        .build()));
    }
}
