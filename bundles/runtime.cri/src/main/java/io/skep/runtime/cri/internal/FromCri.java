package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerStats;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.Life;
import io.skep.runtime.api.Image;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxStatus;
import io.skep.runtime.cri.internal.wire.Cri;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says CRI's messages in the port's words. */
final class FromCri {

    private static final long NANOS = 1_000_000_000;

    private FromCri() {}

    static PodSandboxStatus sandbox(Cri.PodSandboxStatus from) {
        return new PodSandboxStatus(
                from.getId(),
                new PodSandboxConfig.Metadata(
                        from.getMetadata().getName(),
                        from.getMetadata().getNamespace(),
                        from.getMetadata().getUid(),
                        from.getMetadata().getAttempt()),
                from.getState() == Cri.PodSandboxState.SANDBOX_READY,
                at(from.getCreatedAt()),
                ips(from.getNetwork()),
                Marks.withoutLabels(from.getLabelsMap()),
                Marks.withoutAnnotations(from.getAnnotationsMap()));
    }

    /** An engine tells no address of a pod in the node's network. */
    private static List<String> ips(Cri.PodSandboxNetworkStatus network) {
        if (network.getIp().isEmpty()) {
            return List.of();
        }
        List<String> ips = new ArrayList<>(List.of(network.getIp()));
        network.getAdditionalIpsList().forEach(each -> ips.add(each.getIp()));
        return ips;
    }

    static ContainerStatus container(Cri.ContainerStatus from, String sandboxId) {
        return new ContainerStatus(
                from.getId(),
                sandboxId,
                new ContainerConfig.Metadata(
                        from.getMetadata().getName(), from.getMetadata().getAttempt()),
                at(from.getCreatedAt()),
                life(from),
                from.getImage().getImage(),
                from.getImageRef(),
                Marks.withoutLabels(from.getLabelsMap()),
                Marks.withoutAnnotations(from.getAnnotationsMap()),
                Path.of(from.getLogPath()));
    }

    private static Life life(Cri.ContainerStatus from) {
        ContainerStatus.State state = state(from.getState());
        return new Life(
                state,
                ifAt(from.getStartedAt()),
                state == ContainerStatus.State.EXITED ? ifAt(from.getFinishedAt()) : Optional.empty(),
                from.getExitCode(),
                reason(from, state),
                from.getMessage());
    }

    /** Engines need not give a reason for an end. */
    private static String reason(Cri.ContainerStatus from, ContainerStatus.State state) {
        if (state != ContainerStatus.State.EXITED || !from.getReason().isEmpty()) {
            return from.getReason();
        }
        return from.getExitCode() == 0 ? "Completed" : "Error";
    }

    static ContainerStatus.State state(Cri.ContainerState from) {
        return switch (from) {
            case CONTAINER_CREATED -> ContainerStatus.State.CREATED;
            case CONTAINER_RUNNING -> ContainerStatus.State.RUNNING;
            case CONTAINER_EXITED -> ContainerStatus.State.EXITED;
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> ContainerStatus.State.UNKNOWN;
        };
    }

    static ContainerStats stats(Cri.ContainerStats from, Optional<Long> processes) {
        return new ContainerStats(
                from.getAttributes().getId(),
                at(from.getCpu().getTimestamp()),
                Duration.ofNanos(from.getCpu().getUsageCoreNanoSeconds().getValue()),
                from.getMemory().getWorkingSetBytes().getValue(),
                from.hasWritableLayer()
                        ? Optional.of(from.getWritableLayer().getUsedBytes().getValue())
                        : Optional.empty(),
                processes);
    }

    static Image image(Cri.Image from) {
        List<String> names = new ArrayList<>(from.getRepoTagsList());
        names.addAll(from.getRepoDigestsList());
        String user = from.hasUid() ? Long.toString(from.getUid().getValue()) : from.getUsername();
        return new Image(from.getId(), names, from.getSize(), user, from.getPinned());
    }

    static Instant at(long nanos) {
        return Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS);
    }

    private static Optional<Instant> ifAt(long nanos) {
        return nanos > 0 ? Optional.of(at(nanos)) : Optional.empty();
    }
}
