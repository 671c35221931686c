package io.skep.runtime.cri.internal;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.GrpcHealth;
import io.skep.runtime.cri.internal.wire.Grpc.HealthCheckRequest;
import io.skep.runtime.cri.internal.wire.Grpc.HealthCheckResponse;
import io.skep.runtime.cri.internal.wire.Grpc.HealthCheckResponse.ServingStatus;
import io.skep.runtime.cri.internal.wire.HealthGrpc;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * gRPC's health question, here because this bundle carries gRPC and no other may. A connection for each question, as
 * kubelet's: what is probed includes that the server still takes one. The first question makes Netty's one thread,
 * {@code edge-grpc-probe}, which goes with the component; without such a probe next to nothing is loaded for it.
 */
@Component
public final class GrpcHealthCheck implements GrpcHealth {

    /** Who asks, as kubelet says it: servers may leave it out of their logs. */
    private static final String AGENT = "kube-probe/1.31";

    /** The answer is one number. */
    private static final int MOST_BYTES = 64 << 10;

    private EventLoopGroup loop;
    private boolean stopped;

    @Override
    public Optional<String> trouble(InetSocketAddress server, String service, Duration timeout)
            throws ContainerException {
        ManagedChannel channel = NettyChannelBuilder.forAddress(server)
                .channelType(NioSocketChannel.class, InetSocketAddress.class)
                .eventLoopGroup(loop())
                .usePlaintext()
                .directExecutor()
                .disableRetry()
                .userAgent(AGENT)
                .maxInboundMessageSize(MOST_BYTES)
                .build();
        try {
            HealthCheckResponse answer = HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .check(HealthCheckRequest.newBuilder().setService(service).build());
            return answer.getStatus() == ServingStatus.SERVING
                    ? Optional.empty()
                    : Optional.of("service unhealthy (responded with \"" + word(answer) + "\")");
        } catch (StatusRuntimeException e) {
            if (isStopped() || Thread.currentThread().isInterrupted()) {
                throw new ContainerException(Code.UNAVAILABLE, "gRPC went away while " + server + " was asked", e);
            }
            return Optional.of(why(e.getStatus(), server, timeout));
        } finally {
            channel.shutdownNow();
        }
    }

    private static String word(HealthCheckResponse answer) {
        ServingStatus status = answer.getStatus();
        return status == ServingStatus.UNRECOGNIZED ? Integer.toString(answer.getStatusValue()) : status.name();
    }

    private static String why(Status status, InetSocketAddress server, Duration timeout) {
        return switch (status.getCode()) {
            case UNIMPLEMENTED ->
                "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): "
                        + status.getDescription();
            case DEADLINE_EXCEEDED -> "timeout: health rpc did not complete within " + timeout.toMillis() + "ms";
            case UNAVAILABLE ->
                "error: failed to connect service at \"" + server.getHostString() + ":" + server.getPort() + "\": "
                        + text(status);
            default -> "error: health rpc probe failed: " + status.getCode() + ": " + text(status);
        };
    }

    private static String text(Status status) {
        return status.getCause() == null
                ? String.valueOf(status.getDescription())
                : status.getDescription() + " (" + status.getCause().getMessage() + ")";
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized EventLoopGroup loop() throws ContainerException {
        if (stopped) {
            throw new ContainerException(Code.UNAVAILABLE, "gRPC went away");
        }
        if (loop == null) {
            loop = new MultiThreadIoEventLoopGroup(
                    1,
                    task -> {
                        Thread thread = new Thread(task, "edge-grpc-probe");
                        thread.setDaemon(true);
                        return thread;
                    },
                    NioIoHandler.newFactory());
        }
        return loop;
    }

    /** Questions under way end unanswered. */
    @Deactivate
    synchronized void stop() {
        stopped = true;
        if (loop != null) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
