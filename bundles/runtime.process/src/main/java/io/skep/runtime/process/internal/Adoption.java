package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerStatus.Life;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds again what an earlier runtime left on disk and, perhaps, running. What can't be read is set aside, never deleted. */
final class Adoption {

    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final Layout layout;
    private final ProcFiles proc;
    private final Killer killer;
    private final LogFactory logs;
    private int damaged;

    Adoption(Layout layout, ProcFiles proc, Killer killer, LogFactory logs) {
        this.layout = layout;
        this.proc = proc;
        this.killer = killer;
        this.logs = logs;
    }

    /** Records that could not be read. */
    int damaged() {
        return damaged;
    }

    List<SandboxRecord> sandboxes() throws IOException {
        List<SandboxRecord> found = new ArrayList<>();
        for (Path file : children(layout.sandboxes(), "*.json")) {
            try {
                found.add(RecordCodec.sandbox(Files.readString(file)));
            } catch (IllegalArgumentException | IOException e) {
                setAside(file, e);
            }
        }
        return found;
    }

    /** Containers as they are now; those that ended meanwhile are still {@code RUNNING} until somebody looks. */
    List<ProcessContainer> containers() throws IOException {
        List<ProcessContainer> found = new ArrayList<>();
        for (Path dir : children(layout.containers(), "*")) {
            ContainerFolder folder = layout.container(dir.getFileName().toString());
            if (!Files.exists(folder.record()) && !Files.exists(folder.start())) {
                // Its creation or its removal was cut short.
                DurableFile.deleteTree(dir);
                continue;
            }
            try {
                found.add(adopt(folder, RecordCodec.container(Files.readString(folder.record()))));
            } catch (IllegalArgumentException | IOException e) {
                // Nobody could stop it later, and its pod will be started again.
                killer.killAll(folder.id(), folder.process().orElse(null), KILL_LIMIT);
                killer.release(folder.id());
                setAside(dir, e);
            }
        }
        return found;
    }

    private ProcessContainer adopt(ContainerFolder folder, ContainerRecord record) throws IOException {
        Life life = life(folder);
        ProcessContainer container = new ProcessContainer(record, folder, logs.open(folder, record), life);
        container.processes(folder.supervisor().orElse(null), folder.process().orElse(null));
        if (container.running() && container.process() != null && proc.alive(container.process())) {
            LOG.info(
                    "container adopted: container={} name={} pid={}",
                    record.id(),
                    record.config().metadata().name(),
                    container.process().pid());
        }
        return container;
    }

    private Life life(ContainerFolder folder) throws IOException {
        if (Files.exists(folder.end())) {
            return RecordCodec.end(Files.readString(folder.end()));
        }
        if (!Files.exists(folder.start())) {
            return Life.CREATED;
        }
        if (!claimed(folder)) {
            Life never = Endings.startError(Instant.now(), "the node stopped before the container had started");
            DurableFile.write(folder.end(), RecordCodec.write(never));
            return never;
        }
        awaitSupervisor(folder);
        return Life.running(Files.exists(folder.launch()) ? Starter.startedAt(folder) : Instant.now());
    }

    /** Whether a supervisor has the start in hand. If not, none will: we take it, and one that comes late goes away. */
    private static boolean claimed(ContainerFolder folder) throws IOException {
        try {
            Files.createDirectory(folder.claimed());
            return false;
        } catch (FileAlreadyExistsException e) {
            return true;
        }
    }

    /** A supervisor that has just begun says who it is in a moment. */
    private static void awaitSupervisor(ContainerFolder folder) throws IOException {
        for (int i = 0; i < 100 && folder.supervisor().isEmpty(); i++) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void setAside(Path path, Exception reason) throws IOException {
        damaged++;
        Path away = layout.damaged().resolve(path.getFileName() + "." + System.currentTimeMillis());
        Files.move(path, away, StandardCopyOption.ATOMIC_MOVE);
        LOG.error("record can't be read: set aside: path={} reason={}", away, reason.toString());
    }

    private static List<Path> children(Path folder, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        }
        return found;
    }

    /** Makes the log of a container. */
    @FunctionalInterface
    interface LogFactory {
        ContainerLog open(ContainerFolder folder, ContainerRecord record) throws IOException;
    }
}
