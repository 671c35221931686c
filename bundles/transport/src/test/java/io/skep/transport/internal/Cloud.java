package io.skep.transport.internal;

import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkListener;
import io.skep.transport.LinkPeer;
import io.skep.transport.ListenSettings;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.ServerTls;
import io.skep.transport.tls.ServerTls.ClientAuth;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A cloud's authority and the listening side of tests. */
final class Cloud implements LinkAcceptor {

    final CertificateAuthority authority =
            CertificateAuthority.create(Instant.now().minusSeconds(60));
    final Identity server = authority.issueServer(
            List.of("127.0.0.1", "localhost"), Instant.now().minusSeconds(60));
    final BlockingQueue<Link> links = new LinkedBlockingQueue<>();
    final Recorder recorder = new Recorder();
    volatile Admission verdict = Admission.accept(Map.of());
    volatile LinkPeer asked;

    @Override
    public Admission admit(LinkPeer peer) {
        asked = peer;
        return verdict;
    }

    @Override
    public LinkListener opened(Link link) {
        links.add(link);
        return recorder;
    }

    Link link() throws InterruptedException {
        return links.poll(30, TimeUnit.SECONDS);
    }

    ListenSettings settings(ClientAuth auth) {
        return new ListenSettings(
                "127.0.0.1", 0, Optional.of(new ServerTls(server, auth, List.of(authority.certificate()))));
    }

    Identity node(String name, Instant from, Duration validity) {
        KeyPair keys = Der.newKeys();
        CertificateRequest request = CertificateRequest.parse(CertificateRequest.forNode(name, keys));
        return new Identity(keys.getPrivate(), List.of(authority.sign(request, Set.of(Usage.CLIENT), from, validity)));
    }

    ClientTls tls(Identity identity) {
        return new ClientTls(List.of(authority.certificate()), Optional.of(identity));
    }

    ClientTls tls() {
        return tls(node("edge-1", Instant.now().minusSeconds(60), Duration.ofDays(1)));
    }
}
