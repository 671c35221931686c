package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerEvent.Type;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.cri.internal.wire.Cri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes containers in sandboxes of ours. Thread-safe. */
final class Creation {

    private final Calls calls;
    private final Marks marks;
    private final Origins origins;
    private final ChangeWatch changes;
    private final PodLimits limits;

    Creation(Calls calls, Marks marks, Origins origins, ChangeWatch changes, PodLimits limits) {
        this.calls = calls;
        this.marks = marks;
        this.origins = origins;
        this.changes = changes;
        this.limits = limits;
    }

    /** The id of a new container, which does not run yet. */
    String container(String sandboxId, ContainerConfig config) throws ContainerException {
        Cri.PodSandboxConfig sandbox = origins.configOf(sandboxId);
        Cri.ContainerConfig made = ToCri.container(config, sandbox, limits.ofEachContainer());
        makeLogFolder(Path.of(sandbox.getLogDirectory(), config.streams().logPath()));
        String id = calls.runtime(
                        "create container " + config.metadata().name(),
                        stub -> stub.createContainer(Cri.CreateContainerRequest.newBuilder()
                                .setPodSandboxId(sandboxId)
                                .setConfig(marks.on(made))
                                .setSandboxConfig(sandbox)
                                .build()))
                .getContainerId();
        origins.container(id, sandboxId);
        changes.made(id, sandboxId, sandbox.getMetadata().getUid(), Type.CREATED);
        return id;
    }

    /** containerd makes it by itself, CRI-O leaves it to kubelet. */
    private static void makeLogFolder(Path log) throws ContainerException {
        try {
            Files.createDirectories(log.getParent());
        } catch (IOException e) {
            throw new ContainerException(Code.FAILED, "cannot make the folder of log " + log + ": " + e, e);
        }
    }
}
