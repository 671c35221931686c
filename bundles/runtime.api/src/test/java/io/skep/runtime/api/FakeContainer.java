package io.skep.runtime.api;

import io.skep.runtime.api.ContainerStatus.State;
import java.time.Instant;
import java.util.Optional;

/** A container of {@link FakePods}; its fields belong to that object's lock. */
final class FakeContainer {

    final String id;
    final FakeSandbox sandbox;
    final ContainerConfig config;
    private final Instant created;
    State state = State.CREATED;
    Optional<Instant> started = Optional.empty();
    Optional<Instant> finished = Optional.empty();
    int exitCode;
    String reason = "";
    String message = "";

    FakeContainer(String id, FakeSandbox sandbox, ContainerConfig config, Instant created) {
        this.id = id;
        this.sandbox = sandbox;
        this.config = config;
        this.created = created;
    }

    String name() {
        return config.metadata().name();
    }

    ContainerEvent event(ContainerEvent.Type type, Instant at) {
        return new ContainerEvent(
                type, sandbox.id(), id, sandbox.config().metadata().uid(), at);
    }

    ContainerStatus status() {
        return new ContainerStatus(
                id,
                sandbox.id(),
                name(),
                config.metadata().attempt(),
                state,
                created,
                started,
                finished,
                exitCode,
                reason,
                message,
                config.image().reference(),
                config.image().reference(),
                config.labels(),
                config.annotations(),
                sandbox.config().logDirectory().resolve(config.streams().logPath()));
    }
}
