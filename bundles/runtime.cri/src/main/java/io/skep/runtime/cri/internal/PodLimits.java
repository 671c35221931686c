package io.skep.runtime.cri.internal;

import io.skep.runtime.api.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a pod as a whole may use, written to its cgroup, of version 1 or 2: an engine makes that cgroup and leaves it as it
 * is. The cgroup of a class of service weighs as much as its pods together. Thread-safe: the kernel keeps the state.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/cm/pod_container_manager_linux.go}, {@code qos_container_manager_linux.go}.
 */
final class PodLimits {

    private static final Logger LOG = LoggerFactory.getLogger(PodLimits.class);
    private static final long CPU_PERIOD_MICROS = 100_000;
    private static final long LEAST_QUOTA_MICROS = 1000;
    private static final long LEAST_SHARES = 2;
    private static final String POD = "pod";
    private static final String CONTROLLERS = "cgroup.controllers";

    private final Path mount;
    private final boolean unified;
    private final AtomicBoolean told = new AtomicBoolean();

    /** {@code mount} is where cgroups are mounted. */
    PodLimits(Path mount) {
        this.mount = mount;
        this.unified = Files.exists(mount.resolve(CONTROLLERS));
    }

    boolean unified() {
        return unified;
    }

    /** Where cgroups of a hierarchy of version 1 are; version 2 has only one. */
    Path hierarchy(String name) {
        return unified ? mount : mount.resolve(name);
    }

    /**
     * What each container's cgroup of version 2 is to hold: all of a container ends when its memory does, or what is left of it
     * would go on without the process that mattered.
     *
     * <p>Source: Kubernetes {@code pkg/kubelet/kuberuntime/kuberuntime_container_linux.go}.
     */
    Map<String, String> ofEachContainer() {
        return unified && controllers().contains("memory") ? Map.of("memory.oom.group", "1") : Map.of();
    }

    /** Small boards' kernels often count no memory, and an engine refuses what it can't write. */
    private List<String> controllers() {
        try {
            return List.of(Files.readString(mount.resolve(CONTROLLERS)).strip().split(" "));
        } catch (IOException e) {
            LOG.debug("controllers not known: reason={}", e.toString());
            return List.of();
        }
    }

    /** What a pod weighs, in the unit of the version. */
    long weight(Resources resources) {
        return unified ? weight(resources.cpuShares()) : Math.max(LEAST_SHARES, resources.cpuShares());
    }

    /** Writes a pod's limits; one that can't be written is reported once and then done without. */
    void keep(Path pod, Resources resources) {
        try {
            if (unified) {
                keepUnified(mount.resolve(pod), resources);
            } else {
                keepLegacy(pod, resources);
            }
            weigh(pod.getParent());
        } catch (IOException e) {
            if (told.compareAndSet(false, true)) {
                LOG.warn("limits of pods as a whole are not kept: cgroup={} reason={}", pod, e.toString());
            }
        }
    }

    private static void keepUnified(Path folder, Resources resources) throws IOException {
        write(folder.resolve("cpu.weight"), weight(resources.cpuShares()));
        if (resources.cpuMillis() > 0) {
            write(folder.resolve("cpu.max"), quota(resources) + " " + CPU_PERIOD_MICROS);
        }
        if (resources.memoryBytes() > 0) {
            write(folder.resolve("memory.max"), resources.memoryBytes());
        }
    }

    private void keepLegacy(Path pod, Resources resources) throws IOException {
        Path cpu = mount.resolve("cpu").resolve(pod);
        write(cpu.resolve("cpu.shares"), Math.max(LEAST_SHARES, resources.cpuShares()));
        if (resources.cpuMillis() > 0) {
            write(cpu.resolve("cpu.cfs_period_us"), CPU_PERIOD_MICROS);
            write(cpu.resolve("cpu.cfs_quota_us"), quota(resources));
        }
        if (resources.memoryBytes() > 0) {
            write(mount.resolve("memory").resolve(pod).resolve("memory.limit_in_bytes"), resources.memoryBytes());
        }
    }

    /** Takes a pod's cgroup away, with those in it, once no process is left there, and weighs its class anew. */
    void remove(Path pod) {
        hierarchies().forEach(hierarchy -> removeTree(hierarchy.resolve(pod)));
        try {
            weigh(pod.getParent());
        } catch (IOException e) {
            LOG.debug("class not weighed: cgroup={} reason={}", pod.getParent(), e.getMessage());
        }
    }

    /** Whether there is such a cgroup. */
    boolean has(Path pod) {
        return hierarchies().stream().anyMatch(hierarchy -> Files.isDirectory(hierarchy.resolve(pod)));
    }

    /** CRI-O leaves its conmons' cgroups there when it was started anew meanwhile, or couldn't make the container. */
    private static void removeTree(Path cgroup) {
        if (!Files.isDirectory(cgroup)) {
            return;
        }
        try (Stream<Path> all = Files.walk(cgroup)) {
            // What lies in a folder comes after it.
            all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).forEach(PodLimits::removeIfEmpty);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("cgroup stays: cgroup={} reason={}", cgroup, e.getMessage());
        }
    }

    private static void removeIfEmpty(Path cgroup) {
        try {
            Files.deleteIfExists(cgroup);
        } catch (IOException e) {
            // Another sandbox of the same pod lives in it
            LOG.debug("cgroup stays: cgroup={} reason={}", cgroup, e.getMessage());
        }
    }

    private List<Path> hierarchies() {
        if (unified) {
            return List.of(mount);
        }
        try (Stream<Path> folders = Files.list(mount)) {
            return folders.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The guaranteed ones have no class between them and the root. */
    private void weigh(Path clazz) throws IOException {
        if (clazz != null && clazz.getNameCount() > 1) {
            write(weightFile(clazz), weight(clazz, folder -> true));
        }
    }

    /** A class weighs what its pods weigh, the best-effort one the least. */
    long weight(Path clazz, Predicate<Path> counted) throws IOException {
        long sum = 0;
        try (Stream<Path> pods = Files.list(weightFile(clazz).getParent())) {
            for (Path pod : pods.filter(PodLimits::isPod).filter(counted).toList()) {
                sum += number(pod.resolve(weightFile()));
            }
        }
        boolean bestEffort = clazz.getFileName().toString().contains("besteffort");
        long least = unified ? 1 : LEAST_SHARES;
        return bestEffort ? least : Math.min(unified ? 10_000 : 262_144, Math.max(least, sum));
    }

    /** What a cgroup weighs now. */
    long written(Path cgroup) {
        return number(weightFile(cgroup));
    }

    private Path weightFile(Path cgroup) {
        return hierarchy("cpu").resolve(cgroup).resolve(weightFile());
    }

    private String weightFile() {
        return unified ? "cpu.weight" : "cpu.shares";
    }

    /** A pod's folder is {@code pod<uid>}, its slice {@code …-pod<uid>.slice}: only a slice's uid has no hyphens. */
    private static boolean isPod(Path folder) {
        String name = folder.getFileName().toString();
        return Files.isDirectory(folder)
                && (name.startsWith(POD)
                        || name.substring(name.lastIndexOf('-') + 1).startsWith(POD));
    }

    /** One that goes meanwhile weighs nothing. */
    private static long number(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** Kubernetes' mapping of 2..262144 shares to 1..10000 weight. */
    private static long weight(long shares) {
        return 1 + (Math.max(LEAST_SHARES, shares) - LEAST_SHARES) * 9999 / 262142;
    }

    private static long quota(Resources resources) {
        return Math.max(LEAST_QUOTA_MICROS, resources.cpuMillis() * CPU_PERIOD_MICROS / 1000);
    }

    private static void write(Path file, Object value) throws IOException {
        Files.writeString(file, String.valueOf(value), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }
}
