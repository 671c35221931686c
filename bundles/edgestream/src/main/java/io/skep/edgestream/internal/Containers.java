package io.skep.edgestream.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * The runtimes this node has, as they come and go, and the containers in them. Looking for one blocks on the runtimes and
 * belongs on a worker. Thread-safe.
 */
final class Containers {

    private final List<PodRuntime> runtimes = new CopyOnWriteArrayList<>();

    /**
     * What a request names.
     *
     * @param uid the pod's uid, or {@code ""} for whichever pod has the name now
     */
    record Name(String namespace, String pod, String uid, String container) {}

    /** A container and the runtime that has it. */
    record Found(PodRuntime runtime, ContainerStatus status) {}

    /** All the lives of one container, the present one first. */
    record Lives(List<Found> lives) {

        Found present() {
            return lives.get(0);
        }

        /** The one before the present one, if its remains are still there. */
        Optional<Found> previous() {
            return lives.stream().skip(1).findFirst();
        }
    }

    /** Nothing of this name is here; the message is kubelet's. */
    static final class NotHere extends Exception {

        private static final long serialVersionUID = 1L;

        NotHere(String message) {
            super(message);
        }
    }

    /** Where the containers of one pod are. */
    private record Pod(PodRuntime runtime, PodSandboxStatus newest, Set<String> sandboxes) {}

    void bind(PodRuntime runtime) {
        runtimes.add(runtime);
    }

    void unbind(PodRuntime runtime) {
        runtimes.remove(runtime);
    }

    boolean has(PodRuntime runtime) {
        return runtimes.contains(runtime);
    }

    /**
     * Looks in all runtimes; of pods with one name the newest is meant.
     *
     * @throws NotHere when there is no such pod or no such container in it
     * @throws ContainerException when it was not found and a runtime could not be asked
     */
    Lives find(Name name) throws ContainerException, NotHere {
        List<Pod> pods = new ArrayList<>();
        Optional<ContainerException> trouble = Optional.empty();
        for (PodRuntime runtime : runtimes) {
            try {
                pod(runtime, name).ifPresent(pods::add);
            } catch (ContainerException e) {
                trouble = Optional.of(e);
            }
        }
        Optional<Pod> pod =
                pods.stream().max(Comparator.comparing(p -> p.newest().created()));
        if (pod.isEmpty()) {
            if (trouble.isPresent()) {
                throw trouble.get();
            }
            throw new NotHere("pod \"" + name.pod() + "\" does not exist");
        }
        List<Found> lives = pod.get().runtime().listContainers().stream()
                .filter(c -> c.name().equals(name.container()))
                .filter(c -> pod.get().sandboxes().contains(c.sandboxId()))
                .sorted(Comparator.comparingInt(
                                (ContainerStatus c) -> c.metadata().attempt())
                        .thenComparing(ContainerStatus::created)
                        .reversed())
                .map(c -> new Found(pod.get().runtime(), c))
                .toList();
        if (lives.isEmpty()) {
            throw new NotHere("container \"" + name.container() + "\" not found in pod \"" + name.pod() + "\"");
        }
        return new Lives(lives);
    }

    private static Optional<Pod> pod(PodRuntime runtime, Name name) throws ContainerException {
        List<PodSandboxStatus> named = runtime.listPodSandboxes().stream()
                .filter(s -> s.metadata().namespace().equals(name.namespace()))
                .filter(s -> s.metadata().name().equals(name.pod()))
                .filter(s -> name.uid().isEmpty() || s.metadata().uid().equals(name.uid()))
                .toList();
        return named.stream()
                .max(Comparator.comparing(PodSandboxStatus::created))
                .map(newest -> {
                    Set<String> sandboxes = named.stream()
                            .filter(s ->
                                    s.metadata().uid().equals(newest.metadata().uid()))
                            .map(PodSandboxStatus::id)
                            .collect(Collectors.toSet());
                    return new Pod(runtime, newest, sandboxes);
                });
    }
}
