package io.skep.runtime.cri.internal;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.skep.runtime.cri.internal.wire.Cri;
import io.skep.runtime.cri.internal.wire.RuntimeServiceGrpc.RuntimeServiceImplBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Sandboxes and containers as an engine keeps them, in memory, as strict as CRI-O; nothing runs. Thread-safe. */
final class FakeEngine extends RuntimeServiceImplBase {

    private static final Set<String> HANDLERS = Set.of("", "kata");

    private volatile Cri.CgroupDriver driver = Cri.CgroupDriver.CGROUPFS;
    private final Map<String, Cri.PodSandboxStatus> sandboxes = new ConcurrentHashMap<>();
    private final Map<String, Cri.PodSandboxConfig> configs = new ConcurrentHashMap<>();
    private final Map<String, Cri.ContainerStatus> containers = new ConcurrentHashMap<>();
    private final Map<String, Long> graces = new ConcurrentHashMap<>();
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final List<ServerCallStreamObserver<Cri.ContainerEventResponse>> streams = new CopyOnWriteArrayList<>();
    private final AtomicInteger counter = new AtomicInteger();
    private volatile boolean deaf;
    private volatile boolean withoutEvents;
    private volatile String ip = "10.9.0.2";
    private volatile String name = "fake";

    /** From now on nothing that happens is told. */
    void loseEvents(boolean yes) {
        deaf = yes;
    }

    /** The streams of events end, as at the engine's restart. */
    void breakStreams() {
        streams.forEach(stream -> stream.onError(Status.UNAVAILABLE.asRuntimeException()));
        streams.clear();
    }

    /** A stream of events ends as soon as it is begun, as CRI-O's do unless it is told to serve them. */
    void serveEvents(boolean yes) {
        withoutEvents = !yes;
    }

    /** How many listen to its events. */
    int listeners() {
        return streams.size();
    }

    /** Sandboxes made from now on have no address. */
    void giveNoAddress() {
        ip = "";
    }

    /** It gives itself out for this engine. */
    void call(String itself) {
        name = itself;
    }

    /** What a sandbox was to be. */
    Cri.PodSandboxConfig config(String sandboxId) {
        return configs.get(sandboxId);
    }

    /** Which of its handlers runs a sandbox. */
    String handler(String sandboxId) {
        return sandboxes.get(sandboxId).getRuntimeHandler();
    }

    /** The seconds the last request to stop a container gave it. */
    long grace(String id) {
        return graces.get(id);
    }

    /** What a container is to be made of. */
    Cri.ImageSpec image(String id) {
        return containers.get(id).getImage();
    }

    /** Where it would write what a container says. */
    String log(String id) {
        return containers.get(id).getLogPath();
    }

    /** A container's process ends. */
    void exit(String id, int code) {
        containers.computeIfPresent(
                id,
                (key, old) -> old.toBuilder()
                        .setState(Cri.ContainerState.CONTAINER_EXITED)
                        .setExitCode(code)
                        .setFinishedAt(now())
                        .build());
        tell(id, Cri.ContainerEventType.CONTAINER_STOPPED_EVENT);
    }

    private void tell(String id, Cri.ContainerEventType type) {
        if (!deaf) {
            Cri.ContainerEventResponse event = Cri.ContainerEventResponse.newBuilder()
                    .setContainerId(id)
                    .setContainerEventType(type)
                    .build();
            streams.forEach(stream -> stream.onNext(event));
        }
    }

    private static long now() {
        return System.currentTimeMillis() * 1_000_000;
    }

    private static <T> void answer(StreamObserver<T> to, T value) {
        to.onNext(value);
        to.onCompleted();
    }

    @Override
    public void version(Cri.VersionRequest question, StreamObserver<Cri.VersionResponse> to) {
        answer(
                to,
                Cri.VersionResponse.newBuilder()
                        .setRuntimeName(name)
                        .setRuntimeVersion("1.0")
                        .setRuntimeApiVersion("v1")
                        .build());
    }

    @Override
    public void status(Cri.StatusRequest question, StreamObserver<Cri.StatusResponse> to) {
        answer(to, Cri.StatusResponse.getDefaultInstance());
    }

    /** What makes its cgroups from now on. */
    void driver(Cri.CgroupDriver now) {
        driver = now;
    }

    @Override
    public void runtimeConfig(Cri.RuntimeConfigRequest question, StreamObserver<Cri.RuntimeConfigResponse> to) {
        answer(
                to,
                Cri.RuntimeConfigResponse.newBuilder()
                        .setLinux(Cri.LinuxRuntimeConfiguration.newBuilder().setCgroupDriver(driver))
                        .build());
    }

    @Override
    public void runPodSandbox(Cri.RunPodSandboxRequest question, StreamObserver<Cri.RunPodSandboxResponse> to) {
        String handler = question.getRuntimeHandler();
        if (!HANDLERS.contains(handler)) {
            to.onError(Status.UNKNOWN
                    .withDescription("failed to get sandbox runtime: no runtime for \"" + handler + "\" is configured")
                    .asRuntimeException());
            return;
        }
        String id = "sandbox-" + counter.incrementAndGet();
        Cri.PodSandboxConfig config = question.getConfig();
        configs.put(id, config);
        sandboxes.put(
                id,
                Cri.PodSandboxStatus.newBuilder()
                        .setId(id)
                        .setMetadata(config.getMetadata())
                        .setState(Cri.PodSandboxState.SANDBOX_READY)
                        .setCreatedAt(now())
                        .setNetwork(Cri.PodSandboxNetworkStatus.newBuilder().setIp(ip))
                        .setRuntimeHandler(handler)
                        .putAllLabels(config.getLabelsMap())
                        .putAllAnnotations(config.getAnnotationsMap())
                        .build());
        answer(to, Cri.RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build());
    }

    @Override
    public void stopPodSandbox(Cri.StopPodSandboxRequest question, StreamObserver<Cri.StopPodSandboxResponse> to) {
        sandboxes.computeIfPresent(
                question.getPodSandboxId(),
                (id, old) -> old.toBuilder()
                        .setState(Cri.PodSandboxState.SANDBOX_NOTREADY)
                        .build());
        answer(to, Cri.StopPodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void removePodSandbox(
            Cri.RemovePodSandboxRequest question, StreamObserver<Cri.RemovePodSandboxResponse> to) {
        sandboxes.remove(question.getPodSandboxId());
        answer(to, Cri.RemovePodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void podSandboxStatus(
            Cri.PodSandboxStatusRequest question, StreamObserver<Cri.PodSandboxStatusResponse> to) {
        Cri.PodSandboxStatus found = sandboxes.get(question.getPodSandboxId());
        if (found == null) {
            to.onError(Status.NOT_FOUND.asRuntimeException());
        } else {
            answer(
                    to,
                    Cri.PodSandboxStatusResponse.newBuilder().setStatus(found).build());
        }
    }

    @Override
    public void listPodSandbox(Cri.ListPodSandboxRequest question, StreamObserver<Cri.ListPodSandboxResponse> to) {
        Cri.ListPodSandboxResponse.Builder all = Cri.ListPodSandboxResponse.newBuilder();
        sandboxes
                .values()
                .forEach(box -> all.addItems(Cri.PodSandbox.newBuilder()
                        .setId(box.getId())
                        .setMetadata(box.getMetadata())
                        .setState(box.getState())
                        .setCreatedAt(box.getCreatedAt())));
        answer(to, all.build());
    }

    @Override
    public void createContainer(Cri.CreateContainerRequest question, StreamObserver<Cri.CreateContainerResponse> to) {
        Cri.ContainerConfig config = question.getConfig();
        Path log = Path.of(question.getSandboxConfig().getLogDirectory(), config.getLogPath());
        if (config.getImage().getUserSpecifiedImage().isEmpty()) {
            to.onError(Status.UNKNOWN
                    .withDescription("user specified image not specified")
                    .asRuntimeException());
            return;
        }
        if (!Files.isDirectory(log.getParent())) {
            to.onError(Status.UNKNOWN.withDescription("no folder for " + log).asRuntimeException());
            return;
        }
        String id = "container-" + counter.incrementAndGet();
        owners.put(id, question.getPodSandboxId());
        containers.put(
                id,
                Cri.ContainerStatus.newBuilder()
                        .setId(id)
                        .setMetadata(config.getMetadata())
                        .setState(Cri.ContainerState.CONTAINER_CREATED)
                        .setCreatedAt(now())
                        .setImage(config.getImage())
                        .setLogPath(log.toString())
                        .build());
        answer(to, Cri.CreateContainerResponse.newBuilder().setContainerId(id).build());
    }

    @Override
    public void startContainer(Cri.StartContainerRequest question, StreamObserver<Cri.StartContainerResponse> to) {
        containers.computeIfPresent(
                question.getContainerId(),
                (id, old) -> old.toBuilder()
                        .setState(Cri.ContainerState.CONTAINER_RUNNING)
                        .setStartedAt(now())
                        .build());
        answer(to, Cri.StartContainerResponse.getDefaultInstance());
    }

    @Override
    public void stopContainer(Cri.StopContainerRequest question, StreamObserver<Cri.StopContainerResponse> to) {
        graces.put(question.getContainerId(), question.getTimeout());
        exit(question.getContainerId(), 143);
        answer(to, Cri.StopContainerResponse.getDefaultInstance());
    }

    @Override
    public void removeContainer(Cri.RemoveContainerRequest question, StreamObserver<Cri.RemoveContainerResponse> to) {
        containers.remove(question.getContainerId());
        answer(to, Cri.RemoveContainerResponse.getDefaultInstance());
    }

    @Override
    public void listContainers(Cri.ListContainersRequest question, StreamObserver<Cri.ListContainersResponse> to) {
        Cri.ContainerFilter filter = question.getFilter();
        Cri.ListContainersResponse.Builder all = Cri.ListContainersResponse.newBuilder();
        containers.values().stream()
                .filter(c -> filter.getId().isEmpty() || filter.getId().equals(c.getId()))
                .filter(c -> filter.getPodSandboxId().isEmpty()
                        || filter.getPodSandboxId().equals(owners.get(c.getId())))
                .forEach(c -> all.addContainers(Cri.Container.newBuilder()
                        .setId(c.getId())
                        .setPodSandboxId(owners.get(c.getId()))
                        .setMetadata(c.getMetadata())
                        .setState(c.getState())
                        .setCreatedAt(c.getCreatedAt())));
        answer(to, all.build());
    }

    @Override
    public void containerStatus(Cri.ContainerStatusRequest question, StreamObserver<Cri.ContainerStatusResponse> to) {
        Cri.ContainerStatus found = containers.get(question.getContainerId());
        if (found == null) {
            to.onError(Status.NOT_FOUND.asRuntimeException());
        } else {
            answer(to, Cri.ContainerStatusResponse.newBuilder().setStatus(found).build());
        }
    }

    @Override
    public void reopenContainerLog(
            Cri.ReopenContainerLogRequest question, StreamObserver<Cri.ReopenContainerLogResponse> to) {
        try {
            Files.writeString(Path.of(containers.get(question.getContainerId()).getLogPath()), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answer(to, Cri.ReopenContainerLogResponse.getDefaultInstance());
    }

    @Override
    public void exec(Cri.ExecRequest question, StreamObserver<Cri.ExecResponse> to) {
        answer(
                to,
                Cri.ExecResponse.newBuilder().setUrl("http://localhost:1/exec").build());
    }

    @Override
    public void getContainerEvents(Cri.GetEventsRequest question, StreamObserver<Cri.ContainerEventResponse> to) {
        if (withoutEvents) {
            to.onCompleted();
            return;
        }
        var stream = (ServerCallStreamObserver<Cri.ContainerEventResponse>) to;
        stream.setOnCancelHandler(() -> streams.remove(stream));
        streams.add(stream);
    }
}
