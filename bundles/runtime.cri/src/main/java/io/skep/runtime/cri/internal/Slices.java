package io.skep.runtime.cri.internal;

import io.skep.runtime.api.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods' slices, where systemd owns the cgroups: what is written past it lasts until it is reloaded, and a slice that nobody
 * stops stays for ever. Thread-safe: systemd keeps the state.
 *
 * <p>Source: opencontainers {@code libcontainer/cgroups/systemd}, as kubelet uses it; org.freedesktop.systemd1(5).
 */
final class Slices {

    private static final Logger LOG = LoggerFactory.getLogger(Slices.class);

    /** systemd counts quotas in parts of a hundred and cuts off what is left over. */
    private static final long QUOTA_STEP_MICROS = 10_000;

    private static final String DROP_IN = "50-skep.conf";

    private static final String THROUGH_SHUTDOWN = "[Unit]\nDefaultDependencies=no\n";

    private final PodCgroup root;
    private final Path units;
    private final PodLimits limits;
    private final Manager systemd;
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicBoolean toldOfShutdown = new AtomicBoolean();

    /** A call of systemd's manager. */
    @FunctionalInterface
    interface Manager {
        /** {@code arguments} as busctl(1) wants them, of these types. */
        void call(String method, String signature, List<String> arguments) throws IOException;
    }

    /** {@code root} is what all pods are below, {@code units} where systemd looks for units of this boot. */
    Slices(PodCgroup root, Path units, PodLimits limits, Manager systemd) {
        this.root = root;
        this.units = units;
        this.limits = limits;
        this.systemd = systemd;
    }

    /** Makes a pod's slice with its limits; says whether it has them, which is reported once if not. */
    boolean start(PodCgroup pod, Resources resources) {
        keepThroughShutdown();
        List<String> properties = new ArrayList<>();
        add(properties, limits.unified() ? "CPUWeight" : "CPUShares", limits.weight(resources));
        if (resources.cpuMillis() > 0) {
            add(properties, "CPUQuotaPerSecUSec", quota(resources));
        }
        if (resources.memoryBytes() > 0) {
            add(properties, limits.unified() ? "MemoryMax" : "MemoryLimit", resources.memoryBytes());
        }
        try {
            startOrSet(pod.parent(true), properties);
            return true;
        } catch (IOException e) {
            if (told.compareAndSet(false, true)) {
                LOG.warn("limits of pods as a whole last until systemd is reloaded: reason={}", e.getMessage());
            }
            return false;
        }
    }

    /**
     * A slice that goes when a shutdown begins takes all pods with it before they are asked to end. Saying so of a transient one
     * comes too late: systemd has given it that dependency when it hears of the name. A drop-in comes in time, and for those it
     * makes by itself above a pod's, too.
     */
    private void keepThroughShutdown() {
        if (root.steps().isEmpty()) {
            return;
        }
        String name = root.parent(true);
        String below = name.substring(0, name.length() - PodCgroup.SLICE.length()) + "-" + PodCgroup.SLICE;
        try {
            boolean first = write(name) | write(below);
            if (first && Files.isDirectory(mount(root))) {
                // Made without it, before this module could do it
                systemd.call("Reload", "", List.of());
            }
        } catch (IOException e) {
            if (toldOfShutdown.compareAndSet(false, true)) {
                LOG.warn("pods end at once when the machine goes down: reason={}", e.toString());
            }
        }
    }

    private boolean write(String slice) throws IOException {
        Path file = units.resolve(slice + ".d").resolve(DROP_IN);
        if (Files.exists(file)) {
            return false;
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, THROUGH_SHUTDOWN);
        return true;
    }

    private void startOrSet(String slice, List<String> properties) throws IOException {
        try {
            start(slice, properties);
        } catch (IOException e) {
            try {
                // It is there when the pod had a sandbox before
                set(slice, properties);
            } catch (IOException neither) {
                neither.addSuppressed(e);
                throw neither;
            }
        }
    }

    private void start(String slice, List<String> properties) throws IOException {
        systemd.call(
                "StartTransientUnit",
                "ssa(sv)a(sa(sv))",
                joined(List.of(slice, "replace", count(properties)), properties, List.of("0")));
    }

    private void set(String slice, List<String> properties) throws IOException {
        systemd.call(
                "SetUnitProperties",
                "sba(sv)",
                joined(List.of(slice, "true", count(properties)), properties, List.of()));
    }

    /** Has the class of a pod that runs weigh what its pods weigh. */
    void weigh(PodCgroup pod) {
        weigh(pod, folder -> true);
    }

    private void weigh(PodCgroup pod, Predicate<Path> counted) {
        PodCgroup clazz = pod.above();
        if (clazz.steps().size() < 2) {
            return;
        }
        try {
            Path folder = clazz.folder(true);
            long weight = limits.weight(folder, counted);
            if (weight != limits.written(folder)) {
                List<String> properties = new ArrayList<>();
                add(properties, limits.unified() ? "CPUWeight" : "CPUShares", weight);
                set(clazz.parent(true), properties);
            }
        } catch (IOException e) {
            LOG.debug("class not weighed: slice={} reason={}", clazz.parent(true), e.getMessage());
        }
    }

    /** Stops a pod's slice once no process is left there, and weighs its class anew. */
    void stop(PodCgroup pod) {
        try {
            // What lives in a slice ends with it, and that may be another sandbox of the same pod
            if (populated(pod)) {
                return;
            }
            systemd.call("StopUnit", "ss", List.of(pod.parent(true), "replace"));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("slice stays: slice={} reason={}", pod.parent(true), e.getMessage());
        }
        Path gone = pod.folder(true).getFileName();
        weigh(pod, folder -> !folder.getFileName().equals(gone));
    }

    private boolean populated(PodCgroup pod) throws IOException {
        Path folder = mount(pod);
        if (limits.unified()) {
            return there(folder.resolve("cgroup.events")).contains("populated 1");
        }
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                if (!there(each.resolve("cgroup.procs")).isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String there(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** In version 1 systemd has a hierarchy of its own, in which each of its units is. */
    private Path mount(PodCgroup slice) {
        return limits.hierarchy("systemd").resolve(slice.folder(true));
    }

    private static long quota(Resources resources) {
        long micros = resources.cpuMillis() * 1000;
        return (micros + QUOTA_STEP_MICROS - 1) / QUOTA_STEP_MICROS * QUOTA_STEP_MICROS;
    }

    private static void add(List<String> properties, String name, long value) {
        properties.addAll(List.of(name, "t", Long.toString(value)));
    }

    /** Three words a property: its name, its type, its value. */
    private static String count(List<String> properties) {
        return Integer.toString(properties.size() / 3);
    }

    private static List<String> joined(List<String> first, List<String> then, List<String> last) {
        return Stream.of(first, then, last).flatMap(List::stream).toList();
    }
}
