package io.skep.runtime.api;

import io.skep.runtime.api.ContainerStatus.Life;
import java.time.Instant;

/** A container of {@link FakePods}; what may change of it belongs to that object's lock. */
final class FakeContainer {

    final String id;
    final FakeSandbox sandbox;
    final ContainerConfig config;
    private final Instant created;
    Life life = Life.CREATED;

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
        String image = config.image().reference();
        return new ContainerStatus(
                id,
                sandbox.id(),
                config.metadata(),
                created,
                life,
                image,
                image,
                config.labels(),
                config.annotations(),
                sandbox.config().logDirectory().resolve(config.streams().logPath()));
    }
}
