package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.cri.internal.wire.Grpc.HealthCheckRequest;
import io.skep.runtime.cri.internal.wire.Grpc.HealthCheckResponse;
import io.skep.runtime.cri.internal.wire.Grpc.HealthCheckResponse.ServingStatus;
import io.skep.runtime.cri.internal.wire.HealthGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcHealthCheckTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final GrpcHealthCheck check = new GrpcHealthCheck();
    private Server server;

    @AfterEach
    void stop() {
        check.stop();
        if (server != null) {
            server.shutdownNow();
        }
    }

    private InetSocketAddress serve(BindableService... services) throws IOException {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        for (BindableService service : services) {
            builder.addService(service);
        }
        server = builder.build().start();
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    private static BindableService health(Map<String, ServingStatus> states) {
        return new HealthGrpc.HealthImplBase() {
            @Override
            public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> to) {
                to.onNext(HealthCheckResponse.newBuilder()
                        .setStatus(states.getOrDefault(request.getService(), ServingStatus.SERVICE_UNKNOWN))
                        .build());
                to.onCompleted();
            }
        };
    }

    @Test
    void aServingServerHasNoTrouble() throws Exception {
        InetSocketAddress at = serve(health(Map.of("", ServingStatus.SERVING)));

        assertThat(check.trouble(at, "", LONG)).isEmpty();
    }

    @Test
    void asksAboutTheServiceThatIsNamed() throws Exception {
        InetSocketAddress at = serve(health(Map.of("", ServingStatus.NOT_SERVING, "shop.Cart", ServingStatus.SERVING)));

        assertThat(check.trouble(at, "shop.Cart", LONG)).isEmpty();
        assertThat(check.trouble(at, "", LONG)).contains("service unhealthy (responded with \"NOT_SERVING\")");
        assertThat(check.trouble(at, "shop.Till", LONG)).get().asString().contains("SERVICE_UNKNOWN");
    }

    @Test
    void aServerWithoutTheProtocolIsToldSo() throws Exception {
        assertThat(check.trouble(serve(), "", LONG)).get().asString().contains("does not implement");
    }

    @Test
    void nobodyThereIsTroubleAtOnce() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertThat(check.trouble(new InetSocketAddress(InetAddress.getLoopbackAddress(), free), "", LONG))
                .get()
                .asString()
                .contains("failed to connect service at \"localhost:" + free)
                .contains("refused");
    }

    /** It takes the connection and says nothing, not even HTTP/2's settings. */
    @Test
    void aServerThatIsSilentCostsNoMoreThanTheTimeout() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), mute.getLocalPort());

            assertThat(check.trouble(at, "", Duration.ofMillis(200)))
                    .get()
                    .asString()
                    .contains("did not complete within 200ms");
        }
    }

    @Test
    void afterItsEndItSaysNothingOfTheServer() throws Exception {
        InetSocketAddress at = serve(health(Map.of("", ServingStatus.SERVING)));
        check.stop();

        assertThatThrownBy(() -> check.trouble(at, "", LONG)).isInstanceOf(ContainerException.class);
    }
}
