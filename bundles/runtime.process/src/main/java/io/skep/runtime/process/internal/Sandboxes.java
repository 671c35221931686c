package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Sandboxes: here nothing but a record each, durable before it counts. Thread-safe. */
final class Sandboxes {

    private final Layout layout;
    private final String bootId;
    private final Map<String, SandboxRecord> records = new ConcurrentHashMap<>();

    Sandboxes(Layout layout, String bootId, List<SandboxRecord> adopted) {
        this.layout = layout;
        this.bootId = bootId;
        adopted.forEach(each -> records.put(each.id(), each));
    }

    /** @throws ContainerException {@code INVALID} when it is to be what only a sandbox with namespaces can be */
    SandboxRecord create(PodSandboxConfig config) throws IOException, ContainerException {
        Map<String, String> sysctls = config.linux().sysctls();
        if (!sysctls.isEmpty()) {
            throw new ContainerException(
                    Code.INVALID,
                    "runtime process has no namespaces of a pod to set sysctls in, so the pod must do without "
                            + String.join(", ", new TreeSet<>(sysctls.keySet())));
        }
        SandboxRecord record = new SandboxRecord(Ids.next(), Instant.now(), bootId, false, config);
        save(record);
        return record;
    }

    Optional<SandboxRecord> find(String id) {
        return Optional.ofNullable(records.get(id));
    }

    /** @throws ContainerException {@code NOT_FOUND} when containers can't run in it */
    SandboxRecord ready(String id) throws ContainerException {
        return find(id).filter(record -> record.ready(bootId))
                .orElseThrow(() -> new ContainerException(Code.NOT_FOUND, "no ready sandbox " + id));
    }

    List<SandboxRecord> all() {
        return List.copyOf(records.values());
    }

    PodSandboxStatus status(SandboxRecord record) {
        return record.status(bootId);
    }

    /** Returns it when it was not stopped before. */
    Optional<SandboxRecord> stop(String id) throws IOException {
        Optional<SandboxRecord> found = find(id).filter(record -> !record.stopped());
        if (found.isPresent()) {
            save(found.get().stop());
        }
        return found;
    }

    Optional<SandboxRecord> remove(String id) throws IOException {
        Files.deleteIfExists(layout.sandboxRecord(id));
        return Optional.ofNullable(records.remove(id));
    }

    ContainerEvent event(ContainerEvent.Type type, SandboxRecord record) {
        return new ContainerEvent(
                type, record.id(), record.id(), record.config().metadata().uid(), Instant.now());
    }

    private void save(SandboxRecord record) throws IOException {
        DurableFile.write(layout.sandboxRecord(record.id()), RecordCodec.write(record));
        records.put(record.id(), record);
    }
}
