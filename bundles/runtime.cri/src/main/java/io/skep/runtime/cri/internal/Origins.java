package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.cri.internal.wire.Cri;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which sandbox a container is in and what a sandbox was made of: never changes, and CRI tells it only at a cost. Asked of
 * the engine once each; forgotten with the thing itself. Thread-safe.
 */
final class Origins {

    private final Calls calls;
    private final Map<String, String> sandboxes = new ConcurrentHashMap<>();
    private final Map<String, Cri.PodSandboxConfig> configs = new ConcurrentHashMap<>();

    Origins(Calls calls) {
        this.calls = calls;
    }

    void container(String id, String sandboxId) {
        sandboxes.put(id, sandboxId);
    }

    void sandbox(String id, Cri.PodSandboxConfig config) {
        configs.put(id, config);
    }

    void forget(String id) {
        sandboxes.remove(id);
        configs.remove(id);
    }

    /** The sandbox of a container, or empty when there is none of this id. */
    Optional<String> sandboxOf(String id) throws ContainerException {
        String known = sandboxes.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<String> found = calls
                .containers(Cri.ContainerFilter.newBuilder().setId(id).build())
                .stream()
                .map(Cri.Container::getPodSandboxId)
                .findFirst();
        found.ifPresent(sandbox -> sandboxes.put(id, sandbox));
        return found;
    }

    /** What the sandbox was made of. */
    Cri.PodSandboxConfig configOf(String sandboxId) throws ContainerException {
        Cri.PodSandboxConfig known = configs.get(sandboxId);
        if (known != null) {
            return known;
        }
        Cri.PodSandboxStatus status = calls.sandbox(sandboxId)
                .orElseThrow(() -> new ContainerException(Code.NOT_FOUND, "there is no sandbox " + sandboxId));
        Cri.PodSandboxConfig config = Marks.madeOf(status);
        configs.put(sandboxId, config);
        return config;
    }
}
