package io.skep.runtime.process.internal;

import io.skep.runtime.api.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits by control group, version 1 or 2, where we may write there; elsewhere there are none and {@link #available} says so.
 * A controller the kernel does not have, as memory by default on some small boards, limits nothing, in either version.
 * A container's group is {@code <parent>/<container id>}, in version 1 under each of the controllers we use.
 */
final class Cgroups {

    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
    private static final List<String> CONTROLLERS = List.of("memory", "cpu", "cpuacct", "pids");
    private static final long CPU_PERIOD_MICROS = 100_000;

    private final Path mount;
    private final String parent;
    private final boolean unified;
    private final List<String> controllers;

    private Cgroups(Path mount, String parent, boolean unified, List<String> controllers) {
        this.mount = mount;
        this.parent = parent;
        this.unified = unified;
        this.controllers = controllers;
    }

    /** Looks what there is below {@code mount}, and makes the parent groups. */
    static Cgroups of(Path mount, String parent) {
        if (parent.isEmpty()) {
            return new Cgroups(mount, parent, false, List.of());
        }
        boolean unified = Files.exists(mount.resolve("cgroup.controllers"));
        List<String> usable = new ArrayList<>();
        for (String controller : unified ? List.of("") : CONTROLLERS) {
            Path root = mount.resolve(controller);
            if (Files.isDirectory(root) && prepare(root.resolve(parent), mount, unified)) {
                usable.add(controller);
            }
        }
        return new Cgroups(mount, parent, unified, List.copyOf(usable));
    }

    boolean available() {
        return !controllers.isEmpty();
    }

    /** One line for an operator: what is not named limits nothing. */
    String describe() {
        return available()
                ? (unified ? ("v2 " + handedDown()).strip() : "v1 " + String.join(",", controllers))
                : "none";
    }

    private String handedDown() {
        try {
            return Files.readString(mount.resolve(parent).resolve("cgroup.subtree_control"))
                    .strip()
                    .replace(' ', ',');
        } catch (IOException e) {
            return "unknown: " + e;
        }
    }

    /** Makes a container's groups with its limits; returns the files its process id is to be written to. */
    List<Path> create(String containerId, Resources resources) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String controller : controllers) {
            Path group = group(controller, containerId);
            Files.createDirectories(group);
            limit(controller, group, resources);
            files.add(group.resolve("cgroup.procs"));
        }
        return files;
    }

    /** The files of groups that are there already. */
    List<Path> existing(String containerId) {
        return controllers.stream()
                .map(controller -> group(controller, containerId).resolve("cgroup.procs"))
                .filter(Files::exists)
                .toList();
    }

    /** Process ids in the container's groups. */
    List<Long> members(String containerId) {
        for (Path file : existing(containerId)) {
            try {
                return Files.readAllLines(file).stream().map(Long::valueOf).toList();
            } catch (IOException | NumberFormatException e) {
                LOG.debug("cannot read cgroup: file={} error={}", file, e.getMessage());
            }
        }
        return List.of();
    }

    /** Whether the kernel killed in it for want of memory. */
    boolean outOfMemory(String containerId) {
        Optional<Path> group = group("memory", containerId, unified);
        return group.map(path -> path.resolve(unified ? "memory.events" : "memory.oom_control"))
                .flatMap(file -> field(file, "oom_kill"))
                .filter(count -> count > 0)
                .isPresent();
    }

    /** Processor time of a container. */
    Optional<Duration> cpu(String containerId) {
        if (unified) {
            return group("", containerId, true)
                    .flatMap(group -> field(group.resolve("cpu.stat"), "usage_usec"))
                    .map(micros -> Duration.ofNanos(micros * 1000));
        }
        OptionalLong nanos = group("cpuacct", containerId, false)
                .map(group -> number(group.resolve("cpuacct.usage")))
                .orElse(OptionalLong.empty());
        return nanos.isPresent() ? Optional.of(Duration.ofNanos(nanos.getAsLong())) : Optional.empty();
    }

    /** Working set of a container, as kubelet computes it: usage without the file pages that lie idle. */
    OptionalLong memory(String containerId) {
        Optional<Path> group = group("memory", containerId, unified);
        if (group.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong usage = number(group.get().resolve(unified ? "memory.current" : "memory.usage_in_bytes"));
        long idle = field(group.get().resolve("memory.stat"), unified ? "inactive_file" : "total_inactive_file")
                .orElse(0L);
        return usage.isPresent() ? OptionalLong.of(Math.max(0, usage.getAsLong() - idle)) : usage;
    }

    /** Process ids of a container, those of its threads among them. */
    OptionalLong processes(String containerId) {
        return group("pids", containerId, unified)
                .map(group -> number(group.resolve("pids.current")))
                .orElse(OptionalLong.empty());
    }

    /** Removes a container's groups; they must be empty. */
    void remove(String containerId) {
        for (String controller : controllers) {
            try {
                Files.deleteIfExists(group(controller, containerId));
            } catch (IOException e) {
                LOG.debug("cgroup stays: container={} controller={} error={}", containerId, controller, e.getMessage());
            }
        }
    }

    private Path group(String controller, String containerId) {
        return mount.resolve(controller).resolve(parent).resolve(containerId);
    }

    private Optional<Path> group(String controller, String containerId, boolean isUnified) {
        return Optional.of(group(isUnified ? "" : controller, containerId)).filter(Files::isDirectory);
    }

    private void limit(String controller, Path group, Resources resources) throws IOException {
        if (unified) {
            limitUnified(group, resources);
        } else if (controller.equals("memory") && resources.memoryBytes() > 0) {
            write(group.resolve("memory.limit_in_bytes"), Long.toString(resources.memoryBytes()));
            // Absent where swap is not accounted.
            writeIfThere(group.resolve("memory.memsw.limit_in_bytes"), Long.toString(resources.memoryBytes()));
        } else if (controller.equals("cpu")) {
            if (resources.cpuShares() > 0) {
                write(group.resolve("cpu.shares"), Long.toString(Math.max(2, resources.cpuShares())));
            }
            if (resources.cpuMillis() > 0) {
                write(group.resolve("cpu.cfs_period_us"), Long.toString(CPU_PERIOD_MICROS));
                write(group.resolve("cpu.cfs_quota_us"), Long.toString(quota(resources)));
            }
        }
    }

    private static void limitUnified(Path group, Resources resources) throws IOException {
        if (resources.memoryBytes() > 0) {
            writeIfThere(group.resolve("memory.max"), Long.toString(resources.memoryBytes()));
            writeIfThere(group.resolve("memory.swap.max"), "0");
        }
        if (resources.cpuMillis() > 0) {
            writeIfThere(group.resolve("cpu.max"), quota(resources) + " " + CPU_PERIOD_MICROS);
        }
        if (resources.cpuShares() > 0) {
            // Kubernetes' mapping of 2..262144 shares to 1..10000 weight.
            long weight = 1 + (Math.max(2, resources.cpuShares()) - 2) * 9999 / 262142;
            writeIfThere(group.resolve("cpu.weight"), Long.toString(weight));
        }
    }

    private static long quota(Resources resources) {
        return Math.max(1000, resources.cpuMillis() * CPU_PERIOD_MICROS / 1000);
    }

    private static boolean prepare(Path parent, Path mount, boolean unified) {
        try {
            Files.createDirectories(parent);
            if (unified) {
                for (Path each = parent; each.startsWith(mount); each = each.getParent()) {
                    enableControllers(each);
                }
            }
            return Files.isWritable(parent);
        } catch (IOException e) {
            LOG.debug("no limits there: cgroup={} error={}", parent, e.getMessage());
            return false;
        }
    }

    private static void enableControllers(Path group) {
        for (String controller : List.of("memory", "cpu", "pids")) {
            try {
                write(group.resolve("cgroup.subtree_control"), "+" + controller);
            } catch (IOException e) {
                LOG.debug("controller not on: cgroup={} controller={} error={}", group, controller, e.getMessage());
            }
        }
    }

    private static void write(Path file, String value) throws IOException {
        Files.writeString(file, value, StandardOpenOption.WRITE);
    }

    private static void writeIfThere(Path file, String value) throws IOException {
        if (Files.exists(file)) {
            write(file, value);
        }
    }

    private static OptionalLong number(Path file) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(file).trim()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static Optional<Long> field(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name + " "))
                    .findFirst()
                    .map(line -> Long.valueOf(line.substring(name.length() + 1).trim()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
