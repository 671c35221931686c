package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.transport.LinkPeer;
import io.skep.transport.http.HttpAnswer;
import io.skep.transport.http.HttpRequest;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.JoinToken;
import io.skep.transport.tls.NodeName;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EnrolmentTest {

    private final Hub hub = Hub.started();
    private final Instant now = hub.context.clock().instant();
    private final CertificateAuthority authority =
            new HubSecrets(hub.store, hub.context.clock()).load(List.of()).authority();

    static HttpRequest request(
            String method, String path, Map<String, String> headers, List<X509Certificate> certificates, byte[] body) {
        Map<String, List<String>> lists = new TreeMap<>();
        headers.forEach((k, v) -> lists.put(k, List.of(v)));
        return new HttpRequest(
                method,
                new LinkPeer(InetSocketAddress.createUnresolved("192.0.2.1", 1), path, lists, certificates),
                body);
    }

    private HttpAnswer enrol(String node, String authorization, List<X509Certificate> certificates, byte[] csr) {
        Map<String, String> headers = authorization.isEmpty()
                ? Map.of("NodeName", node)
                : Map.of("NodeName", node, "Authorization", authorization);
        return hub.enrolment().handle(request("GET", "/edge.crt", headers, certificates, csr));
    }

    private String bearer(CertificateAuthority signer, Instant expires) {
        return "Bearer " + JoinToken.create(signer, expires).bearer();
    }

    private static byte[] csr(String node) {
        return CertificateRequest.forNode(node, Der.newKeys());
    }

    private static String text(HttpAnswer answer) {
        return new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void tokenGivesACertificateForTheNode() {
        HttpAnswer answer = enrol("edge-1", bearer(authority, now.plusSeconds(60)), List.of(), csr("edge-1"));

        assertThat(answer.status()).as(text(answer)).isEqualTo(200);
        X509Certificate certificate = Der.certificate(answer.body());
        authority.verify(List.of(certificate), Usage.CLIENT, now);
        assertThat(NodeName.mismatch(certificate, "edge-1")).isEmpty();
        assertThat(Duration.between(now, certificate.getNotAfter().toInstant()).toDays())
                .isEqualTo(365);
    }

    @Test
    void tokenOfAnotherAuthorityIsRefused() {
        CertificateAuthority foreign = CertificateAuthority.create(now);

        HttpAnswer answer = enrol("edge-1", bearer(foreign, now.plusSeconds(60)), List.of(), csr("edge-1"));

        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void expiredTokenIsRefusedWithTheReason() {
        HttpAnswer answer = enrol("edge-1", bearer(authority, now.minusSeconds(60)), List.of(), csr("edge-1"));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(text(answer)).contains("expired");
    }

    @Test
    void requestWithoutATokenIsRefused() {
        assertThat(enrol("edge-1", "", List.of(), csr("edge-1")).status()).isEqualTo(401);
        assertThat(enrol("edge-1", "Bearer", List.of(), csr("edge-1")).status()).isEqualTo(401);
        assertThat(enrol("edge-1", "Bearer  x", List.of(), csr("edge-1")).status())
                .isEqualTo(401);
    }

    // A token is for joining; it must not turn into a certificate for somebody else's name.
    @Test
    void requestForAnotherNameIsRefused() {
        HttpAnswer answer = enrol("edge-1", bearer(authority, now.plusSeconds(60)), List.of(), csr("edge-2"));

        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void certificateRenewsItselfWithoutAToken() {
        X509Certificate mine =
                authority.sign(CertificateRequest.parse(csr("edge-1")), Set.of(Usage.CLIENT), now, Duration.ofDays(1));

        assertThat(enrol("edge-1", "", List.of(mine), csr("edge-1")).status()).isEqualTo(200);
        assertThat(enrol("edge-2", "", List.of(mine), csr("edge-2")).status()).isEqualTo(401);
    }

    @Test
    void foreignAndExpiredCertificatesDoNotRenew() {
        CertificateAuthority foreign = CertificateAuthority.create(now);
        X509Certificate theirs =
                foreign.sign(CertificateRequest.parse(csr("edge-1")), Set.of(Usage.CLIENT), now, Duration.ofDays(1));
        X509Certificate old = authority.sign(
                CertificateRequest.parse(csr("edge-1")),
                Set.of(Usage.CLIENT),
                now.minus(Duration.ofDays(3)),
                Duration.ofDays(1));

        assertThat(enrol("edge-1", bearer(authority, now.plusSeconds(60)), List.of(theirs), csr("edge-1"))
                        .status())
                .isEqualTo(401);
        assertThat(enrol("edge-1", "", List.of(old), csr("edge-1")).status()).isEqualTo(401);
    }

    @Test
    void bodyThatIsNoRequestIsRefused() {
        HttpAnswer answer = enrol("edge-1", bearer(authority, now.plusSeconds(60)), List.of(), new byte[] {1, 2, 3});

        assertThat(answer.status()).isBetween(400, 499);
    }

    @Test
    void nameThatIsNoNodeNameIsRefused() {
        assertThat(enrol("../etc", bearer(authority, now.plusSeconds(60)), List.of(), csr("edge-1"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void nodeNameIsFreeUntilItIsTaken() {
        assertThat(hub.enrolment()
                        .handle(request("GET", "/node/edge-1", Map.of(), List.of(), new byte[0]))
                        .status())
                .isEqualTo(404);
        assertThat(hub.enrolment()
                        .handle(request("GET", "/node/", Map.of(), List.of(), new byte[0]))
                        .status())
                .isEqualTo(400);
        assertThat(hub.enrolment()
                        .handle(request("GET", "/else", Map.of(), List.of(), new byte[0]))
                        .status())
                .isEqualTo(404);
        assertThat(hub.enrolment()
                        .handle(request("DELETE", "/ca.crt", Map.of(), List.of(), new byte[0]))
                        .status())
                .isEqualTo(405);
    }
}
