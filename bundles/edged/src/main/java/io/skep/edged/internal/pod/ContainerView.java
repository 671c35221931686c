package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodSandboxStatus;
import java.util.Optional;

/**
 * One container as all that is known of it adds up: what is wanted, what the runtime has, what edged remembers.
 *
 * @param spec what is wanted
 * @param state where it is
 * @param runtime its newest instance, while the runtime knows it
 * @param record what edged remembers
 * @param end how the newest instance ended, when it did
 */
record ContainerView(
        ContainerSpec spec,
        State state,
        Optional<ContainerStatus> runtime,
        ContainerRecord record,
        Optional<Termination> end) {

    enum State {
        /** Not started in the present sandbox. */
        NEW,
        /** Made, not started: edged went away between the two steps. */
        CREATED,
        RUNNING,
        EXITED
    }

    /** Annotation of a container in its runtime: the image the pod named. */
    static final String IMAGE = "io.skep.image";

    String name() {
        return spec.name();
    }

    boolean running() {
        return state == State.RUNNING;
    }

    boolean exited() {
        return state == State.EXITED;
    }

    boolean succeeded() {
        return end.filter(t -> t.exitCode() == 0).isPresent() && !running();
    }

    /** Whether another instance follows the one that ended. */
    boolean restarts(Pod pod) {
        return record.again()
                || pod.restartPolicy(spec)
                        .restarts(end.orElseGet(Termination::unknown).exitCode());
    }

    /** Whether its newest instance is of another image than is wanted now. */
    boolean outdated() {
        return runtime.filter(instance -> isOutdated(instance, spec)).isPresent();
    }

    private static boolean isOutdated(ContainerStatus instance, ContainerSpec spec) {
        return !image(instance, spec).equals(spec.image());
    }

    /** The image its newest instance was made of, as the pod named it then. */
    String image() {
        return runtime.map(instance -> image(instance, spec)).orElseGet(spec::image);
    }

    private static String image(ContainerStatus instance, ContainerSpec spec) {
        return instance.annotations().getOrDefault(IMAGE, spec.image());
    }

    static ContainerView of(ContainerSpec spec, PodRecord podRecord, Observed observed, String engine) {
        Optional<ContainerStatus> newest = observed.newest(spec.name());
        ContainerRecord remembered = podRecord.container(spec.name());
        // What the former image did is not held against this one.
        ContainerRecord record =
                newest.filter(c -> isOutdated(c, spec)).isPresent() ? remembered.withoutBackoff() : remembered;
        Optional<String> sandbox = observed.readySandbox().map(PodSandboxStatus::id);
        boolean elsewhere = sandbox.isPresent()
                && !newest.map(ContainerStatus::sandboxId)
                        .orElse(record.sandboxId())
                        .equals(sandbox.get());
        Optional<Termination> end = newest.filter(c -> c.state() == ContainerStatus.State.EXITED)
                .map(c -> Termination.of(c, engine))
                .or(() -> newest.isPresent() ? Optional.empty() : record.last());
        if (record.attempt() < 0 && newest.isEmpty()) {
            return new ContainerView(spec, State.NEW, newest, record, Optional.empty());
        }
        if (elsewhere) {
            return new ContainerView(spec, State.NEW, newest, record, end.or(() -> Optional.of(Termination.unknown())));
        }
        if (newest.isEmpty()) {
            return new ContainerView(
                    spec, State.EXITED, newest, record, Optional.of(end.orElseGet(Termination::unknown)));
        }
        State state = switch (newest.get().state()) {
            case CREATED -> State.CREATED;
            case RUNNING, UNKNOWN -> State.RUNNING;
            case EXITED -> State.EXITED;
        };
        return new ContainerView(spec, state, newest, record, end);
    }
}
