package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerEvent.Type;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.cri.internal.wire.Cri;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the engine has of ours, and how far it has come. Thread-safe. */
final class Listings {

    /** A container or sandbox; {@code stage} is the latest that can be seen of it. */
    record Seen(String id, String sandboxId, String podUid, Instant created, Type stage) {}

    private final Calls calls;
    private final Marks marks;

    Listings(Calls calls, Marks marks) {
        this.calls = calls;
        this.marks = marks;
    }

    List<Cri.PodSandbox> sandboxes() throws ContainerException {
        return calls.sandboxes(marks.selector());
    }

    List<Cri.Container> containers() throws ContainerException {
        return calls.containers(Cri.ContainerFilter.newBuilder()
                .putAllLabelSelector(marks.selector())
                .build());
    }

    List<Cri.Container> containersOf(String sandboxId) throws ContainerException {
        return calls.containers(
                Cri.ContainerFilter.newBuilder().setPodSandboxId(sandboxId).build());
    }

    /** Sandboxes first. */
    List<Seen> all() throws ContainerException {
        List<Cri.Container> containers = containers();
        List<Seen> all = new ArrayList<>();
        Map<String, String> uids = new HashMap<>();
        for (Cri.PodSandbox each : sandboxes()) {
            String uid = each.getMetadata().getUid();
            uids.put(each.getId(), uid);
            all.add(new Seen(each.getId(), each.getId(), uid, FromCri.at(each.getCreatedAt()), stage(each.getState())));
        }
        for (Cri.Container each : containers) {
            String uid = uids.getOrDefault(each.getPodSandboxId(), "");
            all.add(new Seen(
                    each.getId(),
                    each.getPodSandboxId(),
                    uid,
                    FromCri.at(each.getCreatedAt()),
                    stage(each.getState())));
        }
        return all;
    }

    /** How far it has come; DELETED when the engine has it no more. */
    Type stage(String id, boolean sandbox) throws ContainerException {
        if (sandbox) {
            return calls.sandbox(id).map(status -> stage(status.getState())).orElse(Type.DELETED);
        }
        return calls.container(id).map(status -> stage(status.getState())).orElse(Type.DELETED);
    }

    private static Type stage(Cri.PodSandboxState state) {
        return state == Cri.PodSandboxState.SANDBOX_READY ? Type.STARTED : Type.STOPPED;
    }

    private static Type stage(Cri.ContainerState state) {
        return switch (state) {
            case CONTAINER_CREATED -> Type.CREATED;
            case CONTAINER_RUNNING, CONTAINER_UNKNOWN, UNRECOGNIZED -> Type.STARTED;
            case CONTAINER_EXITED -> Type.STOPPED;
        };
    }
}
