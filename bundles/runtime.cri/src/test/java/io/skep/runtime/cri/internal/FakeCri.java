package io.skep.runtime.cri.internal;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.skep.runtime.cri.internal.wire.ImageServiceGrpc.ImageServiceImplBase;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * An engine in this process, on a Unix socket, for what a real one does seldom: a call that fails, a call that is never
 * answered, events that get lost. What it has is {@link FakeEngine}'s.
 */
final class FakeCri {

    private final Path socket;
    private final FakeEngine engine = new FakeEngine();
    private final Map<String, Status> failing = new ConcurrentHashMap<>();
    private final Map<String, Boolean> silent = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private Server server;

    FakeCri(Path socket) {
        this.socket = socket;
    }

    FakeCri start() throws IOException {
        server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .addService(ServerInterceptors.intercept(engine, new Faults()))
                .addService(ServerInterceptors.intercept(new ImageServiceImplBase() {}, new Faults()))
                .build()
                .start();
        return this;
    }

    /** What runs in it. */
    FakeEngine engine() {
        return engine;
    }

    /** Calls of {@code method} fail from now on; {@code OK} ends that. */
    void fail(String method, Status status) {
        if (status.isOk()) {
            failing.remove(method);
        } else {
            failing.put(method, status);
        }
    }

    /** Calls of {@code method} are taken and never answered. */
    void neverAnswer(String method) {
        silent.put(method, true);
    }

    /** All methods are answered again. */
    void answer() {
        silent.clear();
    }

    /** The methods called, in order. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** Ends it, its streams too. */
    void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Before each call: the fault a test asked for. */
    private final class Faults implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String method = call.getMethodDescriptor().getBareMethodName();
            calls.add(method);
            Status status = failing.get(method);
            if (status != null) {
                call.close(status, new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return silent.containsKey(method) ? new ServerCall.Listener<>() {} : next.startCall(call, headers);
        }
    }
}
