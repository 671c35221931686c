package io.skep.edged.internal.pressure;

import io.skep.edged.internal.node.Machine;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.PodRuntime;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine's figures, and its default runtime's for images. */
public final class NodeGauge implements Gauge {

    private static final Logger LOG = LoggerFactory.getLogger(NodeGauge.class);

    private final Supplier<Optional<PodRuntime>> runtime;

    /** @param runtime the node's default one, if there is one */
    public NodeGauge(Supplier<Optional<PodRuntime>> runtime) {
        this.runtime = runtime;
    }

    @Override
    public Map<Signal, Reading> read(Machine.Load load) {
        Map<Signal, Reading> readings = new EnumMap<>(Signal.class);
        readings.put(Signal.MEMORY, new Reading(load.memoryFreeBytes(), load.memoryBytes()));
        readings.put(Signal.NODEFS, new Reading(load.diskFreeBytes(), load.diskBytes()));
        readings.put(Signal.PID, new Reading(load.pids() - load.pidsUsed(), load.pids()));
        runtime.get().flatMap(this::images).ifPresent(reading -> readings.put(Signal.IMAGEFS, reading));
        return readings;
    }

    @Override
    public Optional<Reading> images(PodRuntime runtime) {
        try {
            Optional<Path> folder = runtime.imageFolder().filter(Files::isDirectory);
            if (folder.isEmpty()) {
                return Optional.empty();
            }
            FileStore store = Files.getFileStore(folder.get());
            return Optional.of(new Reading(store.getUsableSpace(), store.getTotalSpace()));
        } catch (ContainerException | IOException e) {
            LOG.debug("file system of images not measured: reason={}", e.getMessage());
            return Optional.empty();
        }
    }
}
