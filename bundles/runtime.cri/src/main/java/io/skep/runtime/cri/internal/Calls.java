package io.skep.runtime.cri.internal;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.cri.internal.wire.Cri;
import io.skep.runtime.cri.internal.wire.ImageServiceGrpc;
import io.skep.runtime.cri.internal.wire.ImageServiceGrpc.ImageServiceBlockingStub;
import io.skep.runtime.cri.internal.wire.RuntimeServiceGrpc;
import io.skep.runtime.cri.internal.wire.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Calls of the engine, each with a limit, failures in the port's words. Thread-safe. */
final class Calls {

    private final Engine engine;
    private final Duration limit;
    private final Pulse pulse;

    Calls(Engine engine, Duration limit, Pulse pulse) {
        this.engine = engine;
        this.limit = limit;
        this.pulse = pulse;
    }

    /** One call. */
    @FunctionalInterface
    interface Call<S, T> {
        T on(S stub);
    }

    <T> T runtime(String what, Call<RuntimeServiceBlockingStub, T> call) throws ContainerException {
        return runtime(what, limit, Code.FAILED, call);
    }

    /** A question that changes nothing, so that it need not wait for an engine that hangs. */
    <T> T ask(String what, Call<RuntimeServiceBlockingStub, T> call) throws ContainerException {
        return runtime(what, stub -> whileAnswering(() -> call.on(stub)));
    }

    private <T> T whileAnswering(Supplier<T> question) {
        return within(pulse.answering(), question);
    }

    private static <T> T within(Context context, Supplier<T> question) {
        Context before = context.attach();
        try {
            return question.get();
        } finally {
            context.detach(before);
        }
    }

    <T> T runtime(String what, Duration within, Code otherwise, Call<RuntimeServiceBlockingStub, T> call)
            throws ContainerException {
        try {
            return within(pulse.working(), () -> call.on(runtimeStub(within)));
        } catch (StatusRuntimeException e) {
            throw Failures.of(what, e, otherwise);
        }
    }

    /** Empty when the engine does not know what is asked about. */
    <T> Optional<T> ifThere(String what, Duration more, Call<RuntimeServiceBlockingStub, T> call)
            throws ContainerException {
        try {
            return Optional.of(within(pulse.working(), () -> call.on(runtimeStub(limit.plus(more)))));
        } catch (StatusRuntimeException e) {
            if (Failures.notFound(e)) {
                return Optional.empty();
            }
            throw Failures.of(what, e, Code.FAILED);
        }
    }

    <T> T image(String what, Duration within, Call<ImageServiceBlockingStub, T> call) throws ContainerException {
        try {
            return within(
                    pulse.working(),
                    () -> call.on(ImageServiceGrpc.newBlockingStub(engine.channel())
                            .withDeadlineAfter(within.toMillis(), TimeUnit.MILLISECONDS)));
        } catch (StatusRuntimeException e) {
            throw Failures.of(what, e, Code.IMAGE_UNAVAILABLE);
        }
    }

    Optional<Cri.PodSandboxStatus> sandbox(String id) throws ContainerException {
        return ifThere(
                        "look at sandbox " + id,
                        Duration.ZERO,
                        stub -> whileAnswering(() -> stub.podSandboxStatus(Cri.PodSandboxStatusRequest.newBuilder()
                                .setPodSandboxId(id)
                                .build())))
                .map(Cri.PodSandboxStatusResponse::getStatus);
    }

    Optional<Cri.ContainerStatus> container(String id) throws ContainerException {
        return ifThere(
                        "look at container " + id,
                        Duration.ZERO,
                        stub -> whileAnswering(() -> stub.containerStatus(Cri.ContainerStatusRequest.newBuilder()
                                .setContainerId(id)
                                .build())))
                .map(Cri.ContainerStatusResponse::getStatus);
    }

    List<Cri.PodSandbox> sandboxes(Map<String, String> labels) throws ContainerException {
        Cri.PodSandboxFilter filter =
                Cri.PodSandboxFilter.newBuilder().putAllLabelSelector(labels).build();
        return ask(
                "list sandboxes",
                stub -> stub.listPodSandbox(Cri.ListPodSandboxRequest.newBuilder()
                                .setFilter(filter)
                                .build())
                        .getItemsList());
    }

    List<Cri.Container> containers(Cri.ContainerFilter filter) throws ContainerException {
        return ask(
                "list containers",
                stub -> stub.listContainers(Cri.ListContainersRequest.newBuilder()
                                .setFilter(filter)
                                .build())
                        .getContainersList());
    }

    /**
     * Ends what runs in a container, before it or its sandbox goes: CRI has an engine kill it then, but CRI-O asks it to end and
     * gives it all the time that call has.
     */
    void kill(String containerId) throws ContainerException {
        ifThere(
                "kill container " + containerId,
                Duration.ZERO,
                stub -> stub.stopContainer(Cri.StopContainerRequest.newBuilder()
                        .setContainerId(containerId)
                        .setTimeout(0)
                        .build()));
    }

    private RuntimeServiceBlockingStub runtimeStub(Duration within) {
        return RuntimeServiceGrpc.newBlockingStub(engine.channel())
                .withDeadlineAfter(within.toMillis(), TimeUnit.MILLISECONDS);
    }
}
