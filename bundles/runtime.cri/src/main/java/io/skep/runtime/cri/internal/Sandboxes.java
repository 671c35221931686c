package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerEvent.Type;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerLogFiles;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxStatus;
import io.skep.runtime.cri.internal.wire.Cri;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The sandboxes of the engine that are ours. Thread-safe; all state is the engine's. */
final class Sandboxes {

    /** Units of this boot; what lies there is gone with the next. */
    private static final Path UNITS = Path.of("/run/systemd/system");

    private final Calls calls;
    private final Marks marks;
    private final Origins origins;
    private final Listings listings;
    private final ChangeWatch changes;
    private final EngineInfo info;
    private final Logs logs;
    private final String cgroupRoot;
    private final PodLimits limits;
    private final Slices slices;

    /** {@code cgroupRoot} is where a sandbox goes that says nothing of it, {@code ""} to leave it to the engine. */
    Sandboxes(
            Calls calls,
            Marks marks,
            Origins origins,
            Listings listings,
            ChangeWatch changes,
            EngineInfo info,
            Logs logs,
            String cgroupRoot,
            PodLimits limits) {
        this.calls = calls;
        this.marks = marks;
        this.origins = origins;
        this.listings = listings;
        this.changes = changes;
        this.info = info;
        this.logs = logs;
        this.cgroupRoot = cgroupRoot;
        this.limits = limits;
        this.slices = new Slices(PodCgroup.of(cgroupRoot, ""), UNITS, limits, new Busctl());
    }

    String run(PodSandboxConfig config) throws ContainerException {
        String parent = config.linux().cgroupParent();
        PodCgroup cgroup = PodCgroup.of(cgroupRoot, cgroupRoot.isEmpty() ? "" : parent);
        boolean systemd = !cgroup.steps().isEmpty() && info.systemd();
        Cri.PodSandboxConfig made = ToCri.sandbox(config, cgroup.steps().isEmpty() ? "" : cgroup.parent(systemd));
        boolean own = cgroup.steps().size() > 1;
        boolean limited = own && systemd && slices.start(cgroup, config.linux().resources());
        String id;
        try {
            id = run(config, made);
        } catch (ContainerException e) {
            info.doubtDriver();
            if (limited) {
                slices.stop(cgroup);
            }
            throw e;
        }
        origins.sandbox(id, made);
        if (limited) {
            slices.weigh(cgroup);
        } else if (own) {
            limits.keep(cgroup.folder(systemd), config.linux().resources());
        }
        changes.made(id, id, config.metadata().uid(), Type.STARTED);
        return id;
    }

    private String run(PodSandboxConfig config, Cri.PodSandboxConfig made) throws ContainerException {
        return calls.runtime(
                        "run sandbox of " + config.metadata().name(),
                        stub -> stub.runPodSandbox(Cri.RunPodSandboxRequest.newBuilder()
                                .setConfig(marks.on(made))
                                .setRuntimeHandler(config.runtimeHandler())
                                .build()))
                .getPodSandboxId();
    }

    void stop(String id) throws ContainerException {
        List<Cri.Container> inside = listings.containersOf(id);
        Optional<String> cgroup = cgroupOf(id);
        changes.ending(with(inside, id), Type.STOPPED, () -> stop(id, inside));
        // Not only when it is removed: what ends just after that can't be made up for, as nobody knows of the pod any
        // more
        cgroup.ifPresent(this::leave);
    }

    void remove(String id) throws ContainerException {
        List<Cri.Container> inside = listings.containersOf(id);
        List<ContainerLogFiles> written = new ArrayList<>();
        for (Cri.Container each : inside) {
            logs.of(each.getId()).ifPresent(written::add);
        }
        Optional<String> cgroup = cgroupOf(id);
        boolean whole = info.stopsWhatItRemoves();
        List<String> all = with(inside, id);
        changes.ending(all, Type.DELETED, () -> {
            if (!whole) {
                stop(id, inside);
            }
            calls.ifThere(
                    "remove sandbox " + id,
                    Duration.ZERO,
                    stub -> stub.removePodSandbox(Cri.RemovePodSandboxRequest.newBuilder()
                            .setPodSandboxId(id)
                            .build()));
        });
        cgroup.ifPresent(this::leave);
        written.forEach(logs::delete);
        all.forEach(origins::forget);
    }

    private static List<String> with(List<Cri.Container> inside, String sandboxId) {
        return Stream.concat(inside.stream().map(Cri.Container::getId), Stream.of(sandboxId))
                .toList();
    }

    private void stop(String id, List<Cri.Container> inside) throws ContainerException {
        for (Cri.Container each : inside) {
            if (each.getState() != Cri.ContainerState.CONTAINER_EXITED) {
                calls.kill(each.getId());
            }
        }
        calls.ifThere(
                "stop sandbox " + id,
                Duration.ZERO,
                stub -> stub.stopPodSandbox(Cri.StopPodSandboxRequest.newBuilder()
                        .setPodSandboxId(id)
                        .build()));
    }

    /** An engine leaves a pod's cgroup behind, whoever made it. */
    private void leave(String parent) {
        PodCgroup cgroup = PodCgroup.told(parent);
        if (cgroup.steps().size() < 2) {
            return;
        }
        if (PodCgroup.ofSystemd(parent)) {
            slices.stop(cgroup);
        } else {
            limits.remove(cgroup.folder(false));
        }
    }

    /** Takes away the cgroup of a pod without sandboxes, wherever of these it is. */
    void clear(List<String> cgroups) throws ContainerException {
        for (String below : cgroupRoot.isEmpty() ? List.<String>of() : cgroups) {
            PodCgroup cgroup = PodCgroup.of(cgroupRoot, below);
            boolean systemd = info.systemd();
            if (limits.has(cgroup.folder(systemd))) {
                leave(cgroup.parent(systemd));
            }
        }
    }

    private Optional<String> cgroupOf(String id) throws ContainerException {
        try {
            return Optional.of(origins.configOf(id).getLinux().getCgroupParent());
        } catch (ContainerException e) {
            if (e.code() == Code.NOT_FOUND || e.code() == Code.INVALID) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Optional<PodSandboxStatus> status(String id) throws ContainerException {
        return calls.sandbox(id).map(FromCri::sandbox);
    }

    List<PodSandboxStatus> all() throws ContainerException {
        List<PodSandboxStatus> all = new ArrayList<>();
        for (Cri.PodSandbox each : listings.sandboxes()) {
            status(each.getId()).ifPresent(all::add);
        }
        return all;
    }
}
