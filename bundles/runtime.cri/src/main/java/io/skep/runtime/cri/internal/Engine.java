package io.skep.runtime.cri.internal;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line to the engine: HTTP/2 over a Unix socket through the JDK's own channels, no native code. Netty's one thread,
 * {@code edge-cri-io}, is all it makes; it connects with the first call and again whenever it has to.
 */
final class Engine implements AutoCloseable {

    /** Kubelet's limit for an answer; a list of some hundred pods takes a fraction. */
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final Path socket;
    private final EventLoopGroup loop;
    private final ManagedChannel channel;

    Engine(Path socket) {
        this.socket = socket;
        this.loop = new MultiThreadIoEventLoopGroup(
                1,
                task -> {
                    Thread thread = new Thread(task, "edge-cri-io");
                    thread.setDaemon(true);
                    return thread;
                },
                NioIoHandler.newFactory());
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .eventLoopGroup(loop)
                // A pool holds megabytes for ever, for a few calls a second
                .withOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                // containerd's gRPC refuses an authority that is a path
                .overrideAuthority("localhost")
                .usePlaintext()
                .directExecutor()
                .disableRetry()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
    }

    Path socket() {
        return socket;
    }

    /** The channel, asked not to wait before it connects again: the engine is on this machine, waiting spares nothing. */
    ManagedChannel channel() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
        return channel;
    }

    /** Does something on Netty's thread, which it must not hold; nothing once closed. */
    void later(Duration pause, Runnable what) {
        if (!loop.isShuttingDown()) {
            loop.schedule(what, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Waits for both to end: what they still do needs classes, and a bundle that was replaced has none any more. */
    @Override
    public void close() {
        channel.shutdownNow();
        try {
            boolean ended = channel.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            ended &= loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(CLOSE_LIMIT.toMillis());
            if (!ended) {
                LOG.warn("connection to the engine did not end: socket={} limit={}", socket, CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            Thread.currentThread().interrupt();
        }
    }
}
