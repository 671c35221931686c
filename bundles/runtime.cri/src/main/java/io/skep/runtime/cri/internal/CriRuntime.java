package io.skep.runtime.cri.internal;

import io.grpc.stub.StreamObserver;
import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerEvent.Type;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerLogFiles;
import io.skep.runtime.api.ContainerStats;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.ExecResult;
import io.skep.runtime.api.Execution;
import io.skep.runtime.api.Image;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxStatus;
import io.skep.runtime.api.RegistryAuth;
import io.skep.runtime.api.RuntimeInfo;
import io.skep.runtime.cri.internal.wire.Cri;
import io.skep.runtime.cri.internal.wire.RuntimeServiceGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pods as containers of the engine on a socket. Owns nothing but the line to it: all state is the engine's. */
final class CriRuntime implements PodRuntime, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CriRuntime.class);

    /** As long as any grace may be; the host kills when its own is over. */
    private static final Duration LONGEST_GRACE = Duration.ofDays(1);

    private final Engine engine;
    private final Pulse pulse;
    private final Calls calls;
    private final Duration limit;
    private final Marks marks;
    private final Origins origins;
    private final EngineInfo info;
    private final Listings listings;
    private final Images images;
    private final ForeignImages foreign;
    private final ChangeWatch changes;
    private final Sandboxes sandboxes;
    private final Creation creation;
    private final Usage usage;
    private final Commands commands;
    private final Logs logs;

    static CriRuntime on(Path socket, CriSettings settings) {
        return new CriRuntime(new Engine(socket), settings);
    }

    private CriRuntime(Engine engine, CriSettings settings) {
        this.engine = engine;
        this.pulse = new Pulse(engine, settings.liveness());
        this.calls = new Calls(engine, settings.call(), pulse);
        this.limit = settings.call();
        this.marks = new Marks(settings.owner());
        this.origins = new Origins(calls);
        this.info = new EngineInfo(calls);
        this.listings = new Listings(calls, marks);
        this.images = new Images(calls, settings);
        this.foreign = new ForeignImages(calls, marks, info);
        this.changes = new ChangeWatch(engine, pulse, listings, settings.relist());
        this.logs = new Logs(calls, listings, settings.logs());
        PodLimits limits = new PodLimits(Path.of("/sys/fs/cgroup"));
        this.sandboxes =
                new Sandboxes(calls, marks, origins, listings, changes, info, logs, settings.cgroupParent(), limits);
        this.commands = new Commands(calls);
        this.usage = new Usage(calls, marks, origins, listings, new ProcessIds(limits));
        this.creation = new Creation(calls, marks, origins, changes, limits);
    }

    /** Leaves every container running. */
    @Override
    public void close() {
        logs.close();
        pulse.close();
        changes.close();
        engine.close();
    }

    @Override
    public RuntimeInfo info() throws ContainerException {
        return info.read();
    }

    @Override
    public String runPodSandbox(PodSandboxConfig config) throws ContainerException {
        return sandboxes.run(config);
    }

    @Override
    public void stopPodSandbox(String sandboxId) throws ContainerException {
        sandboxes.stop(sandboxId);
    }

    @Override
    public void removePodSandbox(String sandboxId) throws ContainerException {
        sandboxes.remove(sandboxId);
    }

    @Override
    public void clearPod(List<String> cgroups) throws ContainerException {
        sandboxes.clear(cgroups);
    }

    @Override
    public Optional<PodSandboxStatus> podSandboxStatus(String sandboxId) throws ContainerException {
        return sandboxes.status(sandboxId);
    }

    @Override
    public List<PodSandboxStatus> listPodSandboxes() throws ContainerException {
        return sandboxes.all();
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config) throws ContainerException {
        return creation.container(sandboxId, config);
    }

    @Override
    public void startContainer(String containerId) throws ContainerException {
        calls.runtime(
                "start container " + containerId,
                limit,
                Code.START_FAILED,
                stub -> stub.startContainer(Cri.StartContainerRequest.newBuilder()
                        .setContainerId(containerId)
                        .build()));
        changes.happened(containerId, Type.STARTED);
    }

    @Override
    public void stopContainer(String containerId, Duration grace) throws ContainerException {
        changes.ending(
                List.of(containerId),
                Type.STOPPED,
                () -> calls.ifThere(
                        "stop container " + containerId,
                        grace,
                        stub -> stub.stopContainer(Cri.StopContainerRequest.newBuilder()
                                .setContainerId(containerId)
                                .setTimeout(grace.plusMillis(999).toSeconds())
                                .build())));
    }

    /** CRI can only ask and wait in one call; so the call waits and we don't. Its end is heard of as an event. */
    @Override
    public boolean askToStop(String containerId) {
        RuntimeServiceGrpc.newStub(engine.channel())
                .stopContainer(
                        Cri.StopContainerRequest.newBuilder()
                                .setContainerId(containerId)
                                .setTimeout(LONGEST_GRACE.toSeconds())
                                .build(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(Cri.StopContainerResponse stopped) {
                                changes.look(containerId);
                            }

                            @Override
                            public void onError(Throwable why) {
                                LOG.debug("asked to stop: container={} reason={}", containerId, why.getMessage());
                            }

                            @Override
                            public void onCompleted() {
                                // onNext said it
                            }
                        });
        return true;
    }

    @Override
    public void removeContainer(String containerId) throws ContainerException {
        Optional<ContainerLogFiles> log = logs.of(containerId);
        changes.ending(List.of(containerId), Type.DELETED, () -> {
            calls.kill(containerId);
            calls.ifThere(
                    "remove container " + containerId,
                    Duration.ZERO,
                    stub -> stub.removeContainer(Cri.RemoveContainerRequest.newBuilder()
                            .setContainerId(containerId)
                            .build()));
        });
        log.ifPresent(logs::delete);
        origins.forget(containerId);
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) throws ContainerException {
        Optional<Cri.ContainerStatus> status = calls.container(containerId);
        if (status.isEmpty()) {
            return Optional.empty();
        }
        return origins.sandboxOf(containerId).map(sandbox -> FromCri.container(status.get(), sandbox));
    }

    @Override
    public List<ContainerStatus> listContainers() throws ContainerException {
        List<ContainerStatus> all = new ArrayList<>();
        for (Cri.Container each : listings.containers()) {
            origins.container(each.getId(), each.getPodSandboxId());
            containerStatus(each.getId()).ifPresent(all::add);
        }
        return all;
    }

    @Override
    public ExecResult execSync(String containerId, List<String> command, Duration timeout) throws ContainerException {
        return commands.run(containerId, command, timeout);
    }

    @Override
    public Execution exec(String containerId, ExecRequest request) throws ContainerException {
        return commands.begin(containerId, request);
    }

    @Override
    public List<ContainerStats> listContainerStats() throws ContainerException {
        return usage.ofRunning();
    }

    @Override
    public Optional<Image> imageStatus(String image) throws ContainerException {
        return images.status(image);
    }

    @Override
    public String pullImage(String image, Optional<RegistryAuth> auth) throws ContainerException {
        return images.pull(image, auth);
    }

    @Override
    public List<Image> listImages() throws ContainerException {
        List<Image> all = images.all();
        return all.isEmpty() ? all : foreign.marked(all);
    }

    @Override
    public Optional<Path> imageFolder() throws ContainerException {
        return images.folder();
    }

    @Override
    public void removeImage(String image) throws ContainerException {
        images.remove(image);
    }

    @Override
    public Subscription subscribeInfo(Runnable listener) {
        return changes.subscribeInfo(listener);
    }

    @Override
    public Subscription subscribe(Consumer<ContainerEvent> listener) {
        logs.watch();
        return changes.subscribe(listener);
    }
}
