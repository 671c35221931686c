package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkPort;
import io.skep.transport.LinkTarget;
import io.skep.transport.ListenSettings;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.ServerTls.ClientAuth;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Who gets a link, and what the others are told. */
class LinkAdmissionTest extends LinkTest {

    @Test
    void clientOfAnotherAuthorityWithoutCertificateOrExpiredIsRefusedWithTheReason() throws Exception {
        LinkPort port = listen();
        Cloud other = new Cloud();
        ClientTls foreign = new ClientTls(
                List.of(cloud.authority.certificate()),
                Optional.of(other.node("edge-1", Instant.now(), Duration.ofDays(1))));
        ClientTls nobody = new ClientTls(List.of(cloud.authority.certificate()), Optional.empty());
        ClientTls expired = cloud.tls(cloud.node("edge-1", Instant.now().minusSeconds(7200), Duration.ofSeconds(3600)));

        assertUnauthorized(target(port, foreign), "does not accept our certificate");
        assertUnauthorized(target(port, nobody), "certificate");
        assertUnauthorized(target(port, expired), "certificate");
        assertThat(cloud.links).isEmpty();
    }

    @Test
    void serverOfAnotherAuthorityOrAnotherNameIsRefusedWithTheReason() throws Exception {
        LinkPort port = listen();
        Cloud other = new Cloud();
        LinkTarget good = target(port, cloud.tls());
        LinkTarget otherName = new LinkTarget(
                URI.create("wss://127.0.0.2:" + port.port() + "/"), good.headers(), good.tls(), good.timeout());
        LinkPort everywhere = transport.listen(
                "all",
                new ListenSettings(
                        "0.0.0.0", 0, cloud.settings(ClientAuth.REQUIRED).tls()),
                cloud);
        LinkTarget unnamed = new LinkTarget(
                URI.create("wss://127.0.0.2:" + everywhere.port() + "/"), Map.of(), good.tls(), good.timeout());

        assertUnauthorized(target(port, other.tls()), "not signed by the expected certificate authority");
        assertUnauthorized(unnamed, "127.0.0.2");
        assertThat(reasonOf(otherName)).isEqualTo(Reason.SERVICE_UNAVAILABLE);
    }

    private void assertUnauthorized(LinkTarget target, String why) {
        assertThatThrownBy(() -> dial(target))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(EdgeException.class, e -> {
                    assertThat(e.getMessage()).contains(why);
                    assertThat(e.reason()).isEqualTo(Reason.UNAUTHORIZED);
                });
    }

    @Test
    void refusalOfTheAcceptorReachesTheClientWithItsReason() throws Exception {
        LinkPort port = listen();
        cloud.verdict = Admission.refuse(403, "certificate is not for edge-1");

        assertThatThrownBy(() -> dial(target(port, cloud.tls())))
                .cause()
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN))
                .hasMessageContaining("status 403: certificate is not for edge-1");
    }

    @Test
    void absentCloudUnknownHostAndSilentPeerAreToldApart() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            int port = silent.getLocalPort();
            assertThat(reasonOf(new LinkTarget(
                            URI.create("wss://127.0.0.1:" + port + "/"),
                            Map.of(),
                            cloud.tls(),
                            Duration.ofMillis(300))))
                    .isEqualTo(Reason.TIMEOUT);
        }
        assertThat(reasonOf(new LinkTarget(
                        URI.create("wss://127.0.0.1:1/"), Map.of(), cloud.tls(), Duration.ofSeconds(20))))
                .isEqualTo(Reason.SERVICE_UNAVAILABLE);
        assertThat(reasonOf(new LinkTarget(
                        URI.create("wss://no-such-host.invalid:1/"), Map.of(), cloud.tls(), Duration.ofSeconds(20))))
                .isEqualTo(Reason.SERVICE_UNAVAILABLE);
        assertThat(reasonOf(new LinkTarget(URI.create("cloud"), Map.of(), cloud.tls(), GRACE)))
                .isEqualTo(Reason.INVALID);
    }
}
