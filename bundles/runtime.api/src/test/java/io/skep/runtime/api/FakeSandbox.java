package io.skep.runtime.api;

import java.time.Instant;
import java.util.List;

/** A sandbox of {@link FakePodRuntime}. */
record FakeSandbox(String id, PodSandboxConfig config, boolean ready, Instant created) {

    ContainerEvent event(ContainerEvent.Type type, Instant at) {
        return new ContainerEvent(type, id, id, config.metadata().uid(), at);
    }

    PodSandboxStatus status() {
        return new PodSandboxStatus(
                id, config.metadata(), ready, created, List.of(), config.labels(), config.annotations());
    }
}
