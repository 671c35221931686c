package io.skep.runtime.api;

import io.skep.runtime.api.ContainerException.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
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
    private final FakePods pods;
    private final FakeImages images = new FakeImages();
    private final List<Consumer<ContainerEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> infoListeners = new CopyOnWriteArrayList<>();
    private final Map<String, ContainerException> failures = new ConcurrentHashMap<>();
    private final Set<String> handlers = ConcurrentHashMap.newKeySet();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile Function<ContainerConfig, OptionalInt> starts = config -> OptionalInt.empty();
    private volatile BiFunction<String, List<String>, ExecResult> execs = (id, command) -> new ExecResult(0, "", "");
    private volatile BiFunction<String, ExecRequest, Execution> sessions =
            (id, request) -> new FakeSession(request, execs.apply(id, request.command()));
    private final Map<String, ContainerStats> usage = new ConcurrentHashMap<>();
    private volatile int stopExitCode = 143;
    private volatile boolean available = true;

    public FakePodRuntime() {
        this(InstantSource.system());
    }

    public FakePodRuntime(InstantSource clock) {
        this.clock = clock;
        this.pods = new FakePods(clock);
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
        tell(pods.end(containerId, exitCode, reason, message));
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
        tell(pods.stopSandbox(sandboxId));
    }

    /** Forgets everything, as a machine does that lost its disk; tells nobody. */
    public void forgetAll() {
        pods.forgetAll();
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
        usage.put(containerName, stats("", memoryBytes, Optional.of(writtenBytes), Optional.empty()));
    }

    /** How many process ids the running containers of a name have from now on. */
    public void forks(String containerName, long processes) {
        usage.put(containerName, stats("", 1 << 20, Optional.empty(), Optional.of(processes)));
    }

    private ContainerStats stats(
            String containerId, long memoryBytes, Optional<Long> writtenBytes, Optional<Long> processes) {
        return new ContainerStats(
                containerId, clock.instant(), Duration.ofMillis(10), memoryBytes, writtenBytes, processes);
    }

    /** The images, of which a test says where they lie and which are here. */
    public FakeImages images() {
        return images;
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
    public Optional<ContainerStatus> running(String containerName) {
        return pods.listRunning().stream()
                .filter(status -> status.name().equals(containerName))
                .reduce((older, newer) -> newer);
    }

    /** What a container was configured to be. */
    public ContainerConfig config(String containerId) {
        try {
            return pods.find(containerId).config;
        } catch (ContainerException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a sandbox was configured to be. */
    public PodSandboxConfig sandboxConfig(String sandboxId) {
        return pods.sandbox(sandboxId).orElseThrow().config();
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
                    Code.FAILED, "no runtime for \"" + config.runtimeHandler() + "\" is configured");
        }
        ContainerEvent event = pods.run(config);
        tell(List.of(event));
        return event.sandboxId();
    }

    @Override
    public void stopPodSandbox(String sandboxId) throws ContainerException {
        enter("stopPodSandbox", sandboxId);
        tell(pods.stopSandbox(sandboxId));
    }

    @Override
    public void removePodSandbox(String sandboxId) throws ContainerException {
        enter("removePodSandbox", sandboxId);
        tell(pods.stopSandbox(sandboxId));
        tell(pods.removeSandbox(sandboxId));
    }

    @Override
    public void clearPod(List<String> cgroups) throws ContainerException {
        enter("clearPod", String.join(" ", cgroups));
    }

    @Override
    public Optional<PodSandboxStatus> podSandboxStatus(String sandboxId) throws ContainerException {
        enter();
        return pods.sandbox(sandboxId).map(FakeSandbox::status);
    }

    @Override
    public List<PodSandboxStatus> listPodSandboxes() throws ContainerException {
        enter();
        return pods.listSandboxes();
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config) throws ContainerException {
        enter("createContainer", instance(config));
        String image = config.image().reference();
        if (images.isAbsent(image)) {
            throw new ContainerException(Code.NOT_FOUND, "no image " + image);
        }
        ContainerEvent event = pods.create(sandboxId, config);
        tell(List.of(event));
        return event.containerId();
    }

    @Override
    public void startContainer(String containerId) throws ContainerException {
        ContainerConfig config = pods.find(containerId).config;
        enter("startContainer", instance(config));
        tell(List.of(pods.start(containerId)));
        starts.apply(config).ifPresent(code -> exit(containerId, code));
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
        tell(pods.remove(containerId));
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) throws ContainerException {
        enter();
        return pods.container(containerId);
    }

    @Override
    public List<ContainerStatus> listContainers() throws ContainerException {
        enter();
        return pods.list();
    }

    @Override
    public ExecResult execSync(String containerId, List<String> command, Duration timeout) throws ContainerException {
        enter("execSync", pods.find(containerId).name() + " " + String.join(" ", command));
        pods.findRunning(containerId);
        return execs.apply(containerId, command);
    }

    @Override
    public Execution exec(String containerId, ExecRequest request) throws ContainerException {
        enter("exec", pods.find(containerId).name() + " " + String.join(" ", request.command()));
        pods.findRunning(containerId);
        return sessions.apply(containerId, request);
    }

    @Override
    public List<ContainerStats> listContainerStats() {
        return pods.listRunning().stream().map(this::stats).toList();
    }

    private ContainerStats stats(ContainerStatus container) {
        ContainerStats told = usage.get(container.name());
        return told == null
                ? stats(container.id(), 1 << 20, Optional.empty(), Optional.empty())
                : stats(container.id(), told.memoryBytes(), told.writtenBytes(), told.processes());
    }

    @Override
    public Optional<Image> imageStatus(String image) throws ContainerException {
        enter();
        return images.status(image);
    }

    @Override
    public String pullImage(String image, Optional<RegistryAuth> auth) throws ContainerException {
        enter("pullImage", image);
        images.pull(image);
        return image;
    }

    @Override
    public List<Image> listImages() throws ContainerException {
        enter();
        return images.list(pods.list().stream().map(ContainerStatus::image).toList());
    }

    @Override
    public Optional<Path> imageFolder() throws ContainerException {
        enter();
        return images.folder();
    }

    @Override
    public void removeImage(String image) throws ContainerException {
        enter("removeImage", image);
        images.remove(image);
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

    private void tell(List<ContainerEvent> events) {
        events.forEach(event -> listeners.forEach(listener -> listener.accept(event)));
    }
}
