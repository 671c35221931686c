package io.skep.edgestream.internal;

import io.skep.core.api.module.ModuleContext;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import io.skep.kube.api.stream.KubeletRequest;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import io.skep.kube.api.stream.PodStreams;
import io.skep.transport.tunnel.StreamRequest;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Logs and commands for whoever asks on the node itself, with the cloud or without: a tunnel that ends where it begins, so that what
 * answers the cloud answers here. Any thread.
 */
final class LocalStreams implements PodStreams, Tunnel {

    private final ModuleContext context;
    private final String node;
    private final int most;
    private final Streams streams;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Local> open = new ConcurrentHashMap<>();

    /** @param user makes the streams of this tunnel */
    LocalStreams(ModuleContext context, String node, int most, Function<Tunnel, Streams> user) {
        this.context = context;
        this.node = node;
        this.most = most;
        this.streams = user.apply(this);
    }

    @Override
    public PodStream logs(String asked, KubeletRequest request, PodStreamListener listener) {
        // KubeEdge's log request has no method.
        return begin(asked, Type.LOGS, "", request, listener);
    }

    @Override
    public PodStream exec(String asked, KubeletRequest request, PodStreamListener listener) {
        return begin(asked, Type.EXEC, request.method(), request, listener);
    }

    private PodStream begin(
            String asked, Type type, String method, KubeletRequest request, PodStreamListener listener) {
        if (!asked.equals(node)) {
            throw new KubeException(Status.of(
                    Status.SERVICE_UNAVAILABLE,
                    503,
                    "from node \"" + node + "\" there is no way to node \"" + asked + "\""));
        }
        if (open.size() >= most) {
            throw new KubeException(
                    Status.of(Status.TOO_MANY_REQUESTS, 429, "too many streams on this node: streams.max is " + most));
        }
        Local local = new Local(ids.incrementAndGet(), listener);
        open.put(local.id, local);
        StreamRequest wanted =
                new StreamRequest(local.id, node, request.path(), request.query(), request.headers(), method);
        pass(new TunnelFrame(local.id, type, wanted.encode()));
        return local;
    }

    /** To the streams, on the module's thread. */
    private CompletionStage<Void> pass(TunnelFrame frame) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        context.execute(() -> streams.received(frame).whenComplete((done, failure) -> {
            if (failure == null) {
                taken.complete(null);
            } else {
                taken.completeExceptionally(failure);
            }
        }));
        return taken;
    }

    /** From the streams. */
    @Override
    public CompletionStage<Void> send(TunnelFrame frame) {
        Local local = open.get(frame.id());
        if (local == null) {
            return CompletableFuture.completedStage(null);
        }
        if (frame.type() == Type.REMOVE) {
            local.finish(Optional.empty());
            return CompletableFuture.completedStage(null);
        }
        return local.deliver(frame.data());
    }

    /** Nobody could be away. */
    @Override
    public void ping(String text) {}

    @Override
    public Duration silence() {
        return Duration.ZERO;
    }

    /** Ends all streams; to be called on the module's thread. */
    @Override
    public void close(String reason) {
        streams.end();
        Status why = Status.of(Status.SERVICE_UNAVAILABLE, 503, reason);
        open.values().forEach(local -> local.finish(Optional.of(why)));
    }

    /** One stream; what it delivers goes one after the other. */
    private final class Local implements PodStream {

        private final long id;
        private final PodStreamListener listener;
        private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

        Local(long id, PodStreamListener listener) {
            this.id = id;
            this.listener = listener;
        }

        CompletionStage<Void> deliver(byte[] data) {
            return inTurn(() -> isOpen() ? listener.received(data) : CompletableFuture.completedStage(null));
        }

        /** After what is on its way. */
        void finish(Optional<Status> failure) {
            inTurn(() -> {
                if (open.remove(id, this)) {
                    listener.ended(failure);
                }
                return CompletableFuture.completedStage(null);
            });
        }

        /** Does the work after all that came before; the listener is never called under the lock. */
        private CompletionStage<Void> inTurn(Supplier<CompletionStage<Void>> work) {
            CompletableFuture<Void> turn = new CompletableFuture<>();
            CompletableFuture<Void> before;
            synchronized (this) {
                before = last;
                last = turn;
            }
            before.handle((done, failure) -> done)
                    .thenCompose(done -> work.get())
                    .whenComplete((done, failure) -> {
                        if (failure == null) {
                            turn.complete(null);
                        } else {
                            close();
                            turn.completeExceptionally(failure);
                        }
                    });
            return turn;
        }

        private boolean isOpen() {
            return open.get(id) == this;
        }

        @Override
        public CompletionStage<Void> send(byte[] data) {
            return isOpen()
                    ? pass(TunnelFrame.data(id, data))
                    : CompletableFuture.failedStage(
                            new KubeException(Status.of(Status.SERVICE_UNAVAILABLE, 503, "the stream has ended")));
        }

        @Override
        public void close() {
            if (open.remove(id, this)) {
                pass(TunnelFrame.remove(id));
            }
        }
    }
}
