package io.skep.runtime.api;

import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerStatus.Life;
import io.skep.runtime.api.ContainerStatus.State;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sandboxes and containers of {@link FakePodRuntime}, from state to state. What changes something returns the events
 * of it, for the caller to tell. Thread-safe.
 */
final class FakePods {

    private final InstantSource clock;
    private final Map<String, FakeSandbox> sandboxes = new LinkedHashMap<>();
    private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
    private int counter;

    FakePods(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void forgetAll() {
        containers.clear();
        sandboxes.clear();
    }

    synchronized ContainerEvent run(PodSandboxConfig config) {
        String id = "sandbox-" + ++counter;
        FakeSandbox sandbox = new FakeSandbox(id, config, true, clock.instant());
        sandboxes.put(id, sandbox);
        return sandbox.event(ContainerEvent.Type.STARTED, clock.instant());
    }

    /** Makes a sandbox not ready and ends its containers with 137. */
    synchronized List<ContainerEvent> stopSandbox(String id) {
        FakeSandbox sandbox = sandboxes.get(id);
        if (sandbox == null || !sandbox.ready()) {
            return List.of();
        }
        List<ContainerEvent> events = new ArrayList<>();
        of(id).forEach(container -> events.addAll(end(container.id, 137, "Error", "")));
        sandboxes.put(id, new FakeSandbox(id, sandbox.config(), false, sandbox.created()));
        events.add(sandbox.event(ContainerEvent.Type.STOPPED, clock.instant()));
        return events;
    }

    synchronized List<ContainerEvent> removeSandbox(String id) {
        List<ContainerEvent> events = new ArrayList<>();
        of(id).forEach(container -> events.addAll(forget(container)));
        FakeSandbox gone = sandboxes.remove(id);
        if (gone != null) {
            events.add(gone.event(ContainerEvent.Type.DELETED, clock.instant()));
        }
        return events;
    }

    private List<FakeContainer> of(String sandboxId) {
        return containers.values().stream()
                .filter(container -> container.sandbox.id().equals(sandboxId))
                .toList();
    }

    synchronized Optional<FakeSandbox> sandbox(String id) {
        return Optional.ofNullable(sandboxes.get(id));
    }

    synchronized List<PodSandboxStatus> listSandboxes() {
        return sandboxes.values().stream().map(FakeSandbox::status).toList();
    }

    synchronized ContainerEvent create(String sandboxId, ContainerConfig config) throws ContainerException {
        FakeSandbox sandbox = sandboxes.get(sandboxId);
        if (sandbox == null || !sandbox.ready()) {
            throw new ContainerException(Code.NOT_FOUND, "no ready sandbox " + sandboxId);
        }
        FakeContainer container = new FakeContainer("container-" + ++counter, sandbox, config, clock.instant());
        containers.put(container.id, container);
        return container.event(ContainerEvent.Type.CREATED, clock.instant());
    }

    synchronized ContainerEvent start(String id) throws ContainerException {
        FakeContainer container = find(id);
        if (container.life.state() != State.CREATED) {
            throw new ContainerException(Code.INVALID, "container " + id + " is " + container.life.state());
        }
        container.life = Life.running(clock.instant());
        return container.event(ContainerEvent.Type.STARTED, clock.instant());
    }

    /** Ends a container that runs; of another nothing comes. */
    synchronized List<ContainerEvent> end(String id, int exitCode, String reason, String message) {
        FakeContainer container = containers.get(id);
        if (container == null || container.life.state() != State.RUNNING) {
            return List.of();
        }
        container.life = Life.ended(container.life.started(), clock.instant(), exitCode, reason, message);
        return List.of(container.event(ContainerEvent.Type.STOPPED, clock.instant()));
    }

    synchronized List<ContainerEvent> remove(String id) {
        FakeContainer container = containers.get(id);
        return container == null ? List.of() : forget(container);
    }

    private List<ContainerEvent> forget(FakeContainer container) {
        containers.remove(container.id);
        return List.of(container.event(ContainerEvent.Type.DELETED, clock.instant()));
    }

    synchronized FakeContainer find(String id) throws ContainerException {
        FakeContainer container = containers.get(id);
        if (container == null) {
            throw new ContainerException(Code.NOT_FOUND, "no container " + id);
        }
        return container;
    }

    synchronized FakeContainer findRunning(String id) throws ContainerException {
        FakeContainer container = find(id);
        if (container.life.state() != State.RUNNING) {
            throw new ContainerException(Code.FAILED, "container " + id + " is not running");
        }
        return container;
    }

    synchronized Optional<ContainerStatus> container(String id) {
        return Optional.ofNullable(containers.get(id)).map(FakeContainer::status);
    }

    synchronized List<ContainerStatus> list() {
        return containers.values().stream().map(FakeContainer::status).toList();
    }

    synchronized List<ContainerStatus> listRunning() {
        return list().stream().filter(status -> status.state() == State.RUNNING).toList();
    }
}
