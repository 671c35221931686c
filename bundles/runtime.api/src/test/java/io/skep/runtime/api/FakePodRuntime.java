package io.skep.runtime.api;

import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A {@link PodRuntime} in memory that behaves: states, idempotence and errors as the contract says, nothing runs. The test
 * plays the kernel: {@link #exit} ends a container, {@link #killSandbox} a sandbox, {@link #onStart} and {@link #onExec}
 * say what commands do, {@link #fail} makes the next call of a name fail. Thread-safe; events come on the thread that made
 * the change, after it, with no lock held.
 */
public final class FakePodRuntime implements PodRuntime {

    private final InstantSource clock;
    private final Map<String, FakeSandbox> sandboxes = new LinkedHashMap<>();
    private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
    private final List<Consumer<ContainerEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> infoListeners = new CopyOnWriteArrayList<>();
    private final Map<String, ContainerException> failures = new ConcurrentHashMap<>();
    private final Set<String> absentImages = ConcurrentHashMap.newKeySet();
    private final Set<String> handlers = ConcurrentHashMap.newKeySet();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile Function<ContainerConfig, OptionalInt> starts = config -> OptionalInt.empty();
    private volatile BiFunction<String, List<String>, ExecResult> execs = (id, command) -> new ExecResult(0, "", "");
    private volatile BiFunction<String, ExecRequest, Execution> sessions =
            (id, request) -> new FakeSession(request, execs.apply(id, request.command()));
    private final Map<String, ContainerStats> usage = new ConcurrentHashMap<>();
    private final Map<String, Image> stored = Collections.synchronizedMap(new LinkedHashMap<>());
    private volatile Optional<Path> imageFolder = Optional.empty();
    private volatile int stopExitCode = 143;
    private volatile boolean available = true;
    private int counter;

    public FakePodRuntime() {
        this(InstantSource.system());
    }

    public FakePodRuntime(InstantSource clock) {
        this.clock = clock;
    }

    // ---- what a test says

    /** Makes a handler known. */
    public void handler(String name) {
        handlers.add(name);
    }

    /** Ends a running container, as if its process had: {@code Completed} for 0, {@code Error} otherwise. */
    public void exit(String containerId, int exitCode) {
        exit(containerId, exitCode, exitCode == 0 ? "Completed" : "Error", "");
    }

    /** Ends a running container with a reason, for example {@code OOMKilled}. */
    public void exit(String containerId, int exitCode, String reason, String message) {
        ContainerEvent event = end(containerId, exitCode, reason, message);
        if (event != null) {
            tell(List.of(event));
        }
    }

    /** Ends the newest running container of that name. */
    public void exitNamed(String containerName, int exitCode) {
        exit(
                running(containerName)
                        .orElseThrow(() -> new IllegalStateException("nothing runs: " + containerName))
                        .id(),
                exitCode);
    }

    /** Makes a sandbox not ready and ends its containers with 137, as if someone had killed it from outside. */
    public void killSandbox(String sandboxId) {
        tell(stopSandbox(sandboxId));
    }

    /** Forgets everything, as a machine does that lost its disk; tells nobody. */
    public synchronized void forgetAll() {
        containers.clear();
        sandboxes.clear();
    }

    /** Decides at each start whether the container ends at once and with which code; empty: it runs on. */
    public void onStart(Function<ContainerConfig, OptionalInt> script) {
        this.starts = script;
    }

    /** What a command run inside does; gets the container's id. */
    public void onExec(BiFunction<String, List<String>, ExecResult> script) {
        this.execs = script;
    }

    /** What a command that is watched does; gets the container's id. Unless told, it says what {@link #onExec} says. */
    public void onSession(BiFunction<String, ExecRequest, Execution> script) {
        this.sessions = script;
    }

    /** The exit code of a container that is asked to stop; 143 unless told. */
    public void stopExitCode(int code) {
        this.stopExitCode = code;
    }

    /** Makes the next call of {@code method}, for example {@code startContainer}, fail once. */
    public void fail(String method, ContainerException failure) {
        failures.put(method, failure);
    }

    /** What the running containers of a name use from now on. */
    public void uses(String containerName, long memoryBytes, long writtenBytes) {
        usage.put(
                containerName,
                new ContainerStats("", clock.instant(), Duration.ofMillis(10), memoryBytes, Optional.of(writtenBytes)));
    }

    /** Where the images are said to lie. */
    public void imageFolder(Path folder) {
        imageFolder = Optional.of(folder);
    }

    /** Puts an image here; it goes with {@link #removeImage}. */
    public void store(Image image) {
        stored.put(image.id(), image);
    }

    /** Makes an image absent until it is pulled; all others are present. */
    public void absent(String image) {
        absentImages.add(image);
    }

    /** While false every call fails with {@code UNAVAILABLE}; each change is told. */
    public void available(boolean yes) {
        this.available = yes;
        infoListeners.forEach(Runnable::run);
    }

    /** Calls that change something, in order: {@code startContainer web/0}, {@code pullImage busybox}. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** The newest running container of that name. */
    public synchronized Optional<ContainerStatus> running(String containerName) {
        return containers.values().stream()
                .filter(c -> c.state == State.RUNNING && c.name().equals(containerName))
                .reduce((older, newer) -> newer)
                .map(FakeContainer::status);
    }

    /** What a container was configured to be. */
    public synchronized ContainerConfig config(String containerId) {
        return containers.get(containerId).config;
    }

    /** What a sandbox was configured to be. */
    public synchronized PodSandboxConfig sandboxConfig(String sandboxId) {
        return sandboxes.get(sandboxId).config();
    }

    // ---- the port

    @Override
    public RuntimeInfo info() throws ContainerException {
        enter();
        return new RuntimeInfo("fake", "1.0.0", true, "", "in memory");
    }

    @Override
    public String runPodSandbox(PodSandboxConfig config) throws ContainerException {
        enter("runPodSandbox", config.metadata().name());
        if (!config.runtimeHandler().isEmpty() && !handlers.contains(config.runtimeHandler())) {
            throw new ContainerException(
                    ContainerException.Code.FAILED, "no runtime for \"" + config.runtimeHandler() + "\" is configured");
        }
        ContainerEvent event;
        synchronized (this) {
            String id = "sandbox-" + ++counter;
            sandboxes.put(id, new FakeSandbox(id, config, true, clock.instant()));
            event = new ContainerEvent(
                    ContainerEvent.Type.STARTED, id, id, config.metadata().uid(), clock.instant());
        }
        tell(List.of(event));
        return event.sandboxId();
    }

    @Override
    public void stopPodSandbox(String sandboxId) throws ContainerException {
        enter("stopPodSandbox", sandboxId);
        tell(stopSandbox(sandboxId));
    }

    @Override
    public void removePodSandbox(String sandboxId) throws ContainerException {
        enter("removePodSandbox", sandboxId);
        tell(stopSandbox(sandboxId));
        List<ContainerEvent> events = new ArrayList<>();
        synchronized (this) {
            containers.values().stream()
                    .filter(c -> c.sandbox.id().equals(sandboxId))
                    .toList()
                    .forEach(c -> events.add(forget(c)));
            FakeSandbox gone = sandboxes.remove(sandboxId);
            if (gone != null) {
                events.add(new ContainerEvent(
                        ContainerEvent.Type.DELETED,
                        sandboxId,
                        sandboxId,
                        gone.config().metadata().uid(),
                        clock.instant()));
            }
        }
        tell(events);
    }

    @Override
    public Optional<PodSandboxStatus> podSandboxStatus(String sandboxId) throws ContainerException {
        enter();
        synchronized (this) {
            return Optional.ofNullable(sandboxes.get(sandboxId)).map(FakeSandbox::status);
        }
    }

    @Override
    public List<PodSandboxStatus> listPodSandboxes() throws ContainerException {
        enter();
        synchronized (this) {
            return sandboxes.values().stream().map(FakeSandbox::status).toList();
        }
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config) throws ContainerException {
        enter("createContainer", instance(config));
        String image = config.image().reference();
        if (absentImages.contains(image)) {
            throw new ContainerException(Code.NOT_FOUND, "no image " + image);
        }
        FakeContainer container;
        synchronized (this) {
            FakeSandbox sandbox = sandboxes.get(sandboxId);
            if (sandbox == null || !sandbox.ready()) {
                throw new ContainerException(Code.NOT_FOUND, "no ready sandbox " + sandboxId);
            }
            container = new FakeContainer("container-" + ++counter, sandbox, config, clock.instant());
            containers.put(container.id, container);
        }
        tell(List.of(container.event(ContainerEvent.Type.CREATED, clock.instant())));
        return container.id;
    }

    @Override
    public void startContainer(String containerId) throws ContainerException {
        FakeContainer container = find(containerId);
        enter("startContainer", instance(container.config));
        synchronized (this) {
            if (container.state != State.CREATED) {
                throw new ContainerException(Code.INVALID, "container " + containerId + " is " + container.state);
            }
            container.state = State.RUNNING;
            container.started = Optional.of(clock.instant());
        }
        tell(List.of(container.event(ContainerEvent.Type.STARTED, clock.instant())));
        starts.apply(container.config).ifPresent(code -> exit(containerId, code));
    }

    @Override
    public void stopContainer(String containerId, Duration grace) throws ContainerException {
        enter("stopContainer", containerId + " " + grace.toSeconds() + "s");
        exit(containerId, grace.isZero() ? 137 : stopExitCode);
    }

    @Override
    public void removeContainer(String containerId) throws ContainerException {
        enter("removeContainer", containerId);
        exit(containerId, 137);
        List<ContainerEvent> events = new ArrayList<>();
        synchronized (this) {
            FakeContainer container = containers.get(containerId);
            if (container != null) {
                events.add(forget(container));
            }
        }
        tell(events);
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) throws ContainerException {
        enter();
        synchronized (this) {
            return Optional.ofNullable(containers.get(containerId)).map(FakeContainer::status);
        }
    }

    @Override
    public List<ContainerStatus> listContainers() throws ContainerException {
        enter();
        synchronized (this) {
            return containers.values().stream().map(FakeContainer::status).toList();
        }
    }

    @Override
    public ExecResult execSync(String containerId, List<String> command, Duration timeout) throws ContainerException {
        FakeContainer container = find(containerId);
        enter("execSync", container.name() + " " + String.join(" ", command));
        if (container.state != State.RUNNING) {
            throw new ContainerException(Code.FAILED, "container " + containerId + " is not running");
        }
        return execs.apply(containerId, command);
    }

    @Override
    public Execution exec(String containerId, ExecRequest request) throws ContainerException {
        FakeContainer container = find(containerId);
        enter("exec", container.name() + " " + String.join(" ", request.command()));
        if (container.state != State.RUNNING) {
            throw new ContainerException(Code.FAILED, "container " + containerId + " is not running");
        }
        return sessions.apply(containerId, request);
    }

    @Override
    public synchronized List<ContainerStats> listContainerStats() {
        return containers.values().stream()
                .filter(c -> c.state == State.RUNNING)
                .map(c -> {
                    ContainerStats told = usage.get(c.name());
                    return told == null
                            ? new ContainerStats(c.id, clock.instant(), Duration.ofMillis(10), 1 << 20)
                            : new ContainerStats(
                                    c.id, clock.instant(), told.cpu(), told.memoryBytes(), told.writtenBytes());
                })
                .toList();
    }

    @Override
    public Optional<Image> imageStatus(String image) throws ContainerException {
        enter();
        return absentImages.contains(image) ? Optional.empty() : Optional.of(image(image));
    }

    @Override
    public String pullImage(String image, Optional<RegistryAuth> auth) throws ContainerException {
        enter("pullImage", image);
        absentImages.remove(image);
        return image;
    }

    @Override
    public List<Image> listImages() throws ContainerException {
        enter();
        synchronized (this) {
            List<Image> images = new ArrayList<>(stored.values());
            containers.values().stream()
                    .map(c -> c.config.image().reference())
                    .distinct()
                    .filter(name ->
                            stored.values().stream().noneMatch(i -> i.tags().contains(name)))
                    .map(FakePodRuntime::image)
                    .forEach(images::add);
            return images;
        }
    }

    @Override
    public Optional<Path> imageFolder() throws ContainerException {
        enter();
        return imageFolder;
    }

    @Override
    public void removeImage(String image) throws ContainerException {
        enter("removeImage", image);
        absentImages.add(image);
        stored.remove(image);
    }

    @Override
    public Subscription subscribeInfo(Runnable listener) {
        infoListeners.add(listener);
        return () -> infoListeners.remove(listener);
    }

    @Override
    public Subscription subscribe(Consumer<ContainerEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private static String instance(ContainerConfig config) {
        return config.metadata().name() + "/" + config.metadata().attempt();
    }

    private void enter(String method, String subject) throws ContainerException {
        calls.add(method + " " + subject);
        enter();
        ContainerException failure = failures.remove(method);
        if (failure != null) {
            throw failure;
        }
    }

    private void enter() throws ContainerException {
        if (!available) {
            throw new ContainerException(Code.UNAVAILABLE, "the runtime is away");
        }
    }

    private synchronized FakeContainer find(String containerId) throws ContainerException {
        FakeContainer container = containers.get(containerId);
        if (container == null) {
            throw new ContainerException(Code.NOT_FOUND, "no container " + containerId);
        }
        return container;
    }

    private synchronized List<ContainerEvent> stopSandbox(String sandboxId) {
        FakeSandbox sandbox = sandboxes.get(sandboxId);
        if (sandbox == null || !sandbox.ready()) {
            return List.of();
        }
        List<ContainerEvent> events = new ArrayList<>();
        containers.values().stream()
                .filter(c -> c.sandbox.id().equals(sandboxId) && c.state == State.RUNNING)
                .forEach(c -> events.add(end(c.id, 137, "Error", "")));
        sandboxes.put(sandboxId, new FakeSandbox(sandboxId, sandbox.config(), false, sandbox.created()));
        events.add(new ContainerEvent(
                ContainerEvent.Type.STOPPED,
                sandboxId,
                sandboxId,
                sandbox.config().metadata().uid(),
                clock.instant()));
        return events;
    }

    private synchronized ContainerEvent end(String containerId, int exitCode, String reason, String message) {
        FakeContainer container = containers.get(containerId);
        if (container == null || container.state != State.RUNNING) {
            return null;
        }
        container.state = State.EXITED;
        container.finished = Optional.of(clock.instant());
        container.exitCode = exitCode;
        container.reason = reason;
        container.message = message;
        return container.event(ContainerEvent.Type.STOPPED, clock.instant());
    }

    private ContainerEvent forget(FakeContainer container) {
        containers.remove(container.id);
        return container.event(ContainerEvent.Type.DELETED, clock.instant());
    }

    private void tell(List<ContainerEvent> events) {
        events.forEach(event -> listeners.forEach(listener -> listener.accept(event)));
    }

    private static Image image(String image) {
        return new Image(image, List.of(image), 0);
    }
}
