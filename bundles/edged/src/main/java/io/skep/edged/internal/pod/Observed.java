package io.skep.edged.internal.pod;

import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodSandboxStatus;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the runtime has of one pod, by id. A container never goes back in its life, however late an older look at it
 * arrives.
 */
record Observed(Map<String, PodSandboxStatus> sandboxes, Map<String, ContainerStatus> containers) {

    static final Observed NOTHING = new Observed(Map.of(), Map.of());

    Observed {
        sandboxes = Map.copyOf(sandboxes);
        containers = Map.copyOf(containers);
    }

    /** What a listing of a runtime shows of each pod, by uid; containers without a sandbox belong to none. */
    static Map<String, Observed> byPod(List<PodSandboxStatus> sandboxes, List<ContainerStatus> containers) {
        Map<String, Observed> found = new HashMap<>();
        Map<String, String> owners = new HashMap<>();
        for (PodSandboxStatus box : sandboxes) {
            owners.put(box.id(), box.metadata().uid());
            found.merge(box.metadata().uid(), NOTHING.with(box), (seen, alone) -> seen.with(box));
        }
        for (ContainerStatus c : containers) {
            Optional.ofNullable(owners.get(c.sandboxId()))
                    .ifPresent(uid -> found.computeIfPresent(uid, (key, seen) -> seen.with(c)));
        }
        return found;
    }

    /** The newest sandbox. */
    Optional<PodSandboxStatus> sandbox() {
        return sandboxes.values().stream()
                .max(Comparator.comparingInt(box -> box.metadata().attempt()));
    }

    /** The newest sandbox, if containers can run in it. */
    Optional<PodSandboxStatus> readySandbox() {
        return sandbox().filter(PodSandboxStatus::ready);
    }

    /** A container by its id. */
    Optional<ContainerStatus> container(String id) {
        return Optional.ofNullable(containers.get(id));
    }

    /** The newest instance of a container. */
    Optional<ContainerStatus> newest(String name) {
        return containers.values().stream()
                .filter(c -> c.name().equals(name))
                .max(Comparator.comparingInt((ContainerStatus c) -> c.metadata().attempt())
                        .thenComparing(ContainerStatus::created));
    }

    /** The instances that live, whatever their name. */
    List<ContainerStatus> living() {
        return containers.values().stream().filter(Observed::lives).toList();
    }

    /** The instances of a container that may go when {@code attempt} is begun: never started, or before its last. */
    List<ContainerStatus> dead(String name, int attempt) {
        return containers.values().stream()
                .filter(c -> c.name().equals(name))
                .filter(c -> c.state() == ContainerStatus.State.CREATED
                        || c.metadata().attempt() < attempt - 1)
                .toList();
    }

    /** Ids of the sandboxes older than {@code attempt}. */
    List<String> sandboxesBefore(int attempt) {
        return sandboxes.values().stream()
                .filter(box -> box.metadata().attempt() < attempt)
                .map(PodSandboxStatus::id)
                .toList();
    }

    /** Ids of what is here and not in a listing. */
    List<String> missingIn(Observed listing) {
        return Stream.concat(
                        containers.keySet().stream().filter(id -> !listing.containers.containsKey(id)),
                        sandboxes.keySet().stream().filter(id -> !listing.sandboxes.containsKey(id)))
                .toList();
    }

    /** Ids of the containers that a listing shows as ended and that are not known as that here. */
    List<String> endedIn(Observed listing) {
        return listing.containers.values().stream()
                .filter(c -> c.state() == ContainerStatus.State.EXITED)
                .map(ContainerStatus::id)
                .filter(id -> !containers.containsKey(id) || containers.get(id).state() != ContainerStatus.State.EXITED)
                .toList();
    }

    /** With what a listing shows; {@code endsApart} leaves the ends out, which want a closer look. */
    Observed merged(Observed listing, boolean endsApart) {
        Observed merged = this;
        for (PodSandboxStatus box : listing.sandboxes.values()) {
            merged = merged.with(box);
        }
        for (ContainerStatus c : listing.containers.values()) {
            if (!endsApart || c.state() != ContainerStatus.State.EXITED) {
                merged = merged.with(c);
            }
        }
        return merged;
    }

    static boolean lives(ContainerStatus container) {
        return container.state() == ContainerStatus.State.RUNNING || container.state() == ContainerStatus.State.UNKNOWN;
    }

    Observed with(PodSandboxStatus sandbox) {
        Map<String, PodSandboxStatus> changed = new LinkedHashMap<>(sandboxes);
        changed.put(sandbox.id(), sandbox);
        return new Observed(changed, containers);
    }

    Observed with(ContainerStatus container) {
        ContainerStatus old = containers.get(container.id());
        if (old != null && rank(old) > rank(container)) {
            return this;
        }
        Map<String, ContainerStatus> changed = new LinkedHashMap<>(containers);
        changed.put(container.id(), container);
        return new Observed(sandboxes, changed);
    }

    Observed without(String id) {
        Map<String, PodSandboxStatus> keptSandboxes = new LinkedHashMap<>(sandboxes);
        keptSandboxes.remove(id);
        Map<String, ContainerStatus> kept = new LinkedHashMap<>(containers);
        kept.values().removeIf(c -> c.id().equals(id) || c.sandboxId().equals(id));
        return new Observed(keptSandboxes, kept);
    }

    private static int rank(ContainerStatus status) {
        return switch (status.state()) {
            case CREATED -> 0;
            case UNKNOWN -> 1;
            case RUNNING -> 1;
            case EXITED -> 2;
        };
    }
}
