package io.skep.edged.internal;

import io.skep.core.api.machine.HostName;
import io.skep.edged.internal.node.Allotment;
import io.skep.edged.internal.node.Identity;
import io.skep.edged.internal.pod.ShutdownPolicy;
import io.skep.edged.internal.pressure.Thresholds;
import io.skep.edged.internal.spec.SysctlAllowlist;
import io.skep.edged.internal.upkeep.ImagePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * {@link EdgedConfig} once checked and given types.
 *
 * @param identity who the node is
 * @param runtime name of the default runtime, {@code ""} to choose
 * @param data folder of pods' volumes and logs
 * @param allotment what of the node is for pods
 * @param sysctls settings of the kernel a pod may have
 * @param statusPeriod between measurements of the node
 * @param reportPeriod between reports of an unchanged status
 * @param leaseDuration how long the node counts as alive without a renewal
 * @param relist between listings of a runtime
 * @param manifests folder of static pods, empty for none
 * @param images when unused ones go
 * @param shutdown how pods end before the machine does
 */
record EdgedSettings(
        Identity identity,
        String runtime,
        Path data,
        Allotment allotment,
        SysctlAllowlist sysctls,
        Duration statusPeriod,
        Duration reportPeriod,
        Duration leaseDuration,
        Duration relist,
        Optional<Path> manifests,
        ImagePolicy images,
        ShutdownPolicy shutdown) {

    EdgedSettings {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(runtime, "runtime");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(sysctls, "sysctls");
        atLeast("pods.max", allotment.maxPods(), 1);
        atLeast("reserved.cpu.millicores", allotment.reservedCpuMillis(), 0);
        atLeast("reserved.memory.mebibytes", allotment.reservedMemoryBytes() >> 20, 0);
        atLeast("reserved.disk.mebibytes", allotment.reservedDiskBytes() >> 20, 0);
        atLeast("eviction.transition.seconds", allotment.eviction().transition().toSeconds(), 0);
        atLeast("status.seconds", statusPeriod.toSeconds(), 1);
        atLeast("report.seconds", reportPeriod.toSeconds(), 1);
        atLeast("lease.seconds", leaseDuration.toSeconds(), 4);
        atLeast("relist.seconds", relist.toSeconds(), 1);
        atLeast("shutdown.critical.seconds", shutdown.critical().toSeconds(), 0);
        atLeast(
                "shutdown.grace.seconds",
                shutdown.grace().toSeconds(),
                shutdown.grace().isZero() ? 0 : (int) shutdown.critical().toSeconds());
    }

    /** {@code karafData} is used when the configuration names no folder. */
    static EdgedSettings from(EdgedConfig config, String karafData) {
        String name =
                config.node_name().isBlank() ? hostName() : config.node_name().trim();
        if (!name.matches("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")) {
            throw new IllegalArgumentException("node.name must be lower case letters, digits, '-' and '.', is " + name);
        }
        int port = config.kubelet_port();
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("kubelet.port must be 1 to 65535, is " + port);
        }
        String runtime = config.runtime_default().trim();
        Path data = config.data_dir().isBlank() ? Path.of(karafData, "edged") : Path.of(config.data_dir());
        return new EdgedSettings(
                new Identity(name, config.node_ip().trim(), labels(config.node_labels()), port),
                runtime.equals("auto") ? "" : runtime,
                data.toAbsolutePath(),
                new Allotment(
                        config.pods_max(),
                        config.reserved_cpu_millicores(),
                        (long) config.reserved_memory_mebibytes() << 20,
                        (long) config.reserved_disk_mebibytes() << 20,
                        Thresholds.of(
                                config.eviction_memory_available(),
                                config.eviction_nodefs_available(),
                                config.eviction_imagefs_available(),
                                config.eviction_pid_available(),
                                Duration.ofSeconds(config.eviction_transition_seconds()))),
                SysctlAllowlist.of(config.allowed_unsafe_sysctls()),
                Duration.ofSeconds(config.status_seconds()),
                Duration.ofSeconds(config.report_seconds()),
                Duration.ofSeconds(config.lease_seconds()),
                Duration.ofSeconds(config.relist_seconds()),
                Optional.of(config.static_pods().trim())
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of),
                new ImagePolicy(
                        config.image_gc_high_percent(),
                        config.image_gc_low_percent(),
                        Duration.ofSeconds(config.image_min_age_seconds())),
                new ShutdownPolicy(
                        Duration.ofSeconds(config.shutdown_grace_seconds()),
                        Duration.ofSeconds(config.shutdown_critical_seconds())));
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String pair : text.split(",")) {
            if (!pair.isBlank()) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("node.labels must be key=value pairs, has " + pair);
                }
                labels.put(
                        pair.substring(0, equals).trim(),
                        pair.substring(equals + 1).trim());
            }
        }
        return labels;
    }

    private static String hostName() {
        return HostName.ofThisMachine()
                .orElseThrow(
                        () -> new IllegalArgumentException("node.name must be set: this host has no name of its own"));
    }

    private static void atLeast(String key, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", is " + value);
        }
    }
}
