package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerStatus.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buries containers: finds how one ended, kills what it left behind, carries the rest of its output into the log, records
 * the end durably, and tells. Each container once; thread-safe; blocks on the disk.
 */
final class Ends {

    private static final Logger LOG = LoggerFactory.getLogger(Ends.class);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final ProcFiles proc;
    private final Cgroups cgroups;
    private final Killer killer;
    private final Events events;
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong outOfMemory = new AtomicLong();

    Ends(ProcFiles proc, Cgroups cgroups, Killer killer, Events events) {
        this.proc = proc;
        this.cgroups = cgroups;
        this.killer = killer;
        this.events = events;
    }

    /** Containers that ended. */
    long ended() {
        return ended.get();
    }

    /** Of those, killed for want of memory. */
    long outOfMemory() {
        return outOfMemory.get();
    }

    /** Looks whether a running container ended, and if so buries it. */
    void check(ProcessContainer container) {
        synchronized (container) {
            if (!container.running()) {
                return;
            }
            try {
                Optional<Life> end = end(container);
                if (end.isPresent()) {
                    bury(container, end.get());
                }
            } catch (IOException e) {
                LOG.warn("cannot record the end: container={}", container.id(), e);
            }
        }
    }

    /** Buries a container whose end is known already. */
    void bury(ProcessContainer container, Life end) throws IOException {
        synchronized (container) {
            killer.killAll(container.id(), container.process(), KILL_LIMIT);
            container.log().finish();
            DurableFile.write(container.folder().end(), RecordCodec.write(end));
            Files.deleteIfExists(container.folder().stdout());
            Files.deleteIfExists(container.folder().stderr());
            ended.incrementAndGet();
            if (end.reason().equals("OOMKilled")) {
                outOfMemory.incrementAndGet();
            }
            cgroups.remove(container.id());
            container.life(end);
        }
        events.tell(container.event(ContainerEvent.Type.STOPPED, end.finished().orElseGet(Instant::now)));
        LOG.info(
                "container ended: container={} name={} exitCode={} reason={}",
                container.id(),
                container.record().config().metadata().name(),
                end.exitCode(),
                end.reason());
    }

    /** Gives back what may still be held for one that ended. */
    void release(ProcessContainer container) {
        cgroups.remove(container.id());
    }

    /** How it ended; empty while it runs. */
    private Optional<Life> end(ProcessContainer container) throws IOException {
        Optional<Life> recorded = recorded(container);
        if (recorded.isPresent()) {
            return recorded;
        }
        refresh(container);
        boolean supervised = container.supervisor() != null && proc.alive(container.supervisor());
        boolean alive = container.process() != null && proc.alive(container.process());
        if (supervised || alive) {
            return Optional.empty();
        }
        // It may have ended between the two looks.
        recorded = recorded(container);
        if (recorded.isPresent()) {
            return recorded;
        }
        boolean sameBoot =
                container.process() == null || container.process().bootId().equals(proc.bootId());
        return Optional.of(Endings.vanish(
                container.life(),
                Instant.now(),
                sameBoot
                        ? "the process is gone and its exit code with it: someone killed its supervisor"
                        : "the machine was restarted"));
    }

    private Optional<Life> recorded(ProcessContainer container) throws IOException {
        ContainerFolder folder = container.folder();
        Optional<String> code = folder.text(folder.exit());
        if (code.isEmpty()) {
            return Optional.empty();
        }
        Instant at = Files.getLastModifiedTime(folder.exit()).toInstant();
        Optional<String> failure = Starter.failure(container);
        if (failure.isPresent()) {
            return Optional.of(Endings.startError(at, failure.get()));
        }
        int exit = code.get().matches("[0-9]{1,3}") ? Integer.parseInt(code.get()) : Endings.UNKNOWN_EXIT;
        boolean killed = exit == 137 && cgroups.outOfMemory(container.id());
        return Optional.of(Endings.exit(container.life(), at, exit, killed));
    }

    private static void refresh(ProcessContainer container) throws IOException {
        if (container.process() == null || container.supervisor() == null) {
            container.processes(
                    container.folder().supervisor().orElse(null),
                    container.folder().process().orElse(null));
        }
    }
}
