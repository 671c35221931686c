package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkListener;
import io.skep.transport.LinkPeer;
import io.skep.transport.LinkPort;
import io.skep.transport.ListenSettings;
import io.skep.transport.http.HttpAnswer;
import io.skep.transport.http.HttpPort;
import io.skep.transport.http.HttpRequest;
import io.skep.transport.internal.JettyTransport;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.JoinToken;
import io.skep.transport.tls.ServerTls;
import io.skep.transport.tls.ServerTls.ClientAuth;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The two doors of a cloud, as far as a hub sees them. */
final class TestCloud implements LinkAcceptor, AutoCloseable {

    final CertificateAuthority authority =
            CertificateAuthority.create(Instant.now().minusSeconds(60));
    final JettyTransport transport = new JettyTransport();
    final BlockingQueue<Link> links = new LinkedBlockingQueue<>();
    final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<String> signed = new LinkedBlockingQueue<>();
    volatile Duration validity = Duration.ofDays(365);
    volatile Duration age = Duration.ZERO;
    private final Identity server =
            authority.issueServer(List.of("127.0.0.1"), Instant.now().minusSeconds(60));
    private final HttpPort door = transport.serve("door", settings(0, ClientAuth.OPTIONAL_UNVERIFIED), this::enrol);
    private LinkPort port = transport.listen("cloudhub", settings(0, ClientAuth.REQUIRED), this);
    private final int number = port.port();

    private ListenSettings settings(int at, ClientAuth auth) {
        return new ListenSettings(
                "127.0.0.1", at, Optional.of(new ServerTls(server, auth, List.of(authority.certificate()))));
    }

    URI https() {
        return URI.create("https://127.0.0.1:" + door.port());
    }

    URI link() {
        return URI.create("wss://127.0.0.1:" + number + "/project/edge-1/events");
    }

    String token() {
        return JoinToken.create(authority, Instant.now().plusSeconds(3600)).text();
    }

    void goAway() {
        port.close("the cloud goes away");
    }

    void comeBack() {
        port = transport.listen("cloudhub", settings(number, ClientAuth.REQUIRED), this);
    }

    private HttpAnswer enrol(HttpRequest request) {
        if (request.path().equals("/ca.crt")) {
            return HttpAnswer.bytes(authority.certificateDer());
        }
        try {
            String how;
            if (request.peer().certificates().isEmpty()) {
                JoinToken.verifyBearer(request.header("Authorization").split(" ")[1], authority, Instant.now());
                how = "token";
            } else {
                authority.verify(request.peer().certificates(), Usage.CLIENT, Instant.now());
                how = "certificate";
            }
            CertificateRequest csr = CertificateRequest.parse(request.body());
            byte[] certificate = Der.encode(
                    authority.sign(csr, Set.of(Usage.CLIENT), Instant.now().minus(age), validity));
            signed.add(how + " " + request.header("NodeName") + " " + csr.commonName());
            return HttpAnswer.bytes(certificate);
        } catch (EdgeException e) {
            return HttpAnswer.text(401, e.getMessage());
        }
    }

    @Override
    public Admission admit(LinkPeer peer) {
        return Admission.accept(Map.of("Skep-Features", "upstream-ack"));
    }

    @Override
    public LinkListener opened(Link link) {
        links.add(link);
        return new LinkListener() {
            @Override
            public CompletionStage<Void> received(Message message) {
                messages.add(message);
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void closed(String reason) {}
        };
    }

    Link nextLink() throws InterruptedException {
        return links.poll(30, TimeUnit.SECONDS);
    }

    /** The next message that is no keepalive. */
    Message next() throws InterruptedException {
        Message message = messages.poll(30, TimeUnit.SECONDS);
        return message != null && message.route().operation().equals("keepalive") ? next() : message;
    }

    @Override
    public void close() {
        transport.stop();
    }
}
