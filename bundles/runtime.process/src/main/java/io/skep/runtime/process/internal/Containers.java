package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerStatus.Life;
import io.skep.runtime.api.ContainerStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All containers, and the moves of their life. Thread-safe; calls block until done. */
final class Containers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final Layout layout;
    private final int max;
    private final Namespaces namespaces;
    private final Adoption.LogFactory logs;
    private final Starter starter;
    private final Killer killer;
    private final Ends ends;
    private final Events events;
    private final Map<String, ProcessContainer> containers = new ConcurrentHashMap<>();

    Containers(
            Layout layout,
            int max,
            Namespaces namespaces,
            Adoption.LogFactory logs,
            Starter starter,
            Killer killer,
            Ends ends,
            Events events,
            List<ProcessContainer> adopted) {
        this.layout = layout;
        this.max = max;
        this.namespaces = namespaces;
        this.logs = logs;
        this.starter = starter;
        this.killer = killer;
        this.ends = ends;
        this.events = events;
        adopted.forEach(each -> containers.put(each.id(), each));
    }

    Collection<ProcessContainer> all() {
        return containers.values();
    }

    Optional<ProcessContainer> byId(String id) {
        return Optional.ofNullable(containers.get(id));
    }

    ProcessContainer require(String id) throws ContainerException {
        return byId(id).orElseThrow(() -> new ContainerException(Code.NOT_FOUND, "no container " + id));
    }

    List<ProcessContainer> of(String sandboxId) {
        return containers.values().stream()
                .filter(each -> each.record().sandboxId().equals(sandboxId))
                .toList();
    }

    /** @throws ContainerException {@code INVALID} when it can't run here, {@code UNAVAILABLE} when there are too many */
    ProcessContainer create(SandboxRecord sandbox, ContainerConfig config) throws ContainerException, IOException {
        if (containers.size() >= max) {
            throw new ContainerException(
                    Code.UNAVAILABLE, "there are " + max + " containers already; containers.max allows no more");
        }
        String id = Ids.next();
        Path logFile = ContainerChecks.logFile(sandbox, config);
        ContainerRecord record = new ContainerRecord(
                id,
                sandbox.id(),
                sandbox.config().metadata().uid(),
                sandbox.config().hostname(),
                Instant.now(),
                logFile,
                !config.mounts().isEmpty() && namespaces.usable(),
                config);
        ContainerFolder folder = layout.container(id);
        starter.prepare(folder, record);
        ProcessContainer container = new ProcessContainer(record, folder, logs.open(folder, record), Life.CREATED);
        containers.put(id, container);
        events.tell(container.event(ContainerEvent.Type.CREATED, Instant.now()));
        return container;
    }

    /** @throws ContainerException {@code START_FAILED} when its command can't run */
    void start(ProcessContainer container) throws ContainerException, IOException, InterruptedException {
        container.change.lockInterruptibly();
        try {
            if (container.life().state() != State.CREATED) {
                throw new ContainerException(
                        Code.INVALID,
                        "container " + container.id() + " was started before and is "
                                + container.life().state());
            }
            starter.start(container);
            container.life(Life.running(Starter.startedAt(container.folder())));
        } catch (ContainerException e) {
            if (e.code() == Code.START_FAILED || e.code() == Code.TIMEOUT) {
                ends.bury(container, Endings.startError(Instant.now(), e.getMessage()));
            }
            throw e;
        } finally {
            container.change.unlock();
        }
        events.tell(container.event(ContainerEvent.Type.STARTED, Instant.now()));
        LOG.info(
                "container started: container={} name={} pid={}",
                container.id(),
                container.record().config().metadata().name(),
                container.process() == null ? 0 : container.process().pid());
        // Its end may have been told before it counted as running.
        ends.check(container);
    }

    /** Returns once the signal is sent. */
    void askToStop(ProcessContainer container) throws InterruptedException {
        // One that is just starting is waited for.
        container.change.lockInterruptibly();
        container.change.unlock();
        if (container.running() && container.process() != null) {
            killer.terminate(container.process());
        }
    }

    /** Returns when it ended. */
    void stop(ProcessContainer container, Duration grace) throws ContainerException, InterruptedException {
        // One that is just starting is waited for.
        container.change.lockInterruptibly();
        container.change.unlock();
        if (!container.running()) {
            return;
        }
        if (!grace.isZero() && !grace.isNegative() && container.process() != null) {
            killer.terminate(container.process());
            if (ended(container, grace)) {
                return;
            }
        }
        killer.killAll(container.id(), container.process(), KILL_LIMIT);
        ends.check(container);
        if (!ended(container, KILL_LIMIT)) {
            throw new ContainerException(
                    Code.TIMEOUT, "container " + container.id() + " does not end although it was killed");
        }
    }

    void remove(ProcessContainer container) throws ContainerException, IOException, InterruptedException {
        container.change.lockInterruptibly();
        try {
            stop(container, Duration.ZERO);
            container.log().close();
            container.log().delete();
            ends.release(container);
            // These go first: half a folder must not look like a container.
            Files.deleteIfExists(container.folder().start());
            Files.deleteIfExists(container.folder().record());
            DurableFile.deleteTree(container.folder().dir());
            Files.deleteIfExists(container.folder().exit());
        } finally {
            container.change.unlock();
        }
        if (containers.remove(container.id()) != null) {
            events.tell(container.event(ContainerEvent.Type.DELETED, Instant.now()));
        }
    }

    /** Closes files; everything runs on. */
    @Override
    public void close() {
        for (ProcessContainer each : containers.values()) {
            try {
                each.log().close();
            } catch (IOException e) {
                LOG.debug("log not closed: container={} error={}", each.id(), e.getMessage());
            }
        }
    }

    private static boolean ended(ProcessContainer container, Duration limit) throws InterruptedException {
        try {
            container.ended().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
