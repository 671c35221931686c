package io.skep.edgestream.internal;

import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkPeer;
import io.skep.transport.ListenSettings;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Pem;
import io.skep.transport.tls.ServerTls;
import io.skep.transport.tls.ServerTls.ClientAuth;
import io.skep.transport.tunnel.StreamRequest;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelAcceptor;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import io.skep.transport.tunnel.TunnelListener;
import io.skep.transport.tunnel.TunnelPort;
import io.skep.transport.tunnel.Tunnels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The cloud's end of the tunnel with mutual TLS on loopback, and the node's certificate. */
final class CloudEnd implements TunnelAcceptor {

    private final CertificateAuthority authority =
            CertificateAuthority.create(Instant.now().minusSeconds(60));
    private final Map<Long, BlockingQueue<TunnelFrame>> streams = new ConcurrentHashMap<>();
    private final BlockingQueue<Tunnel> tunnels = new LinkedBlockingQueue<>();
    private final TunnelPort port;
    volatile LinkPeer peer;
    private Tunnel tunnel;
    private long last;

    CloudEnd(Tunnels transport) {
        ServerTls tls = new ServerTls(
                authority.issueServer(List.of("127.0.0.1"), Instant.now().minusSeconds(60)),
                ClientAuth.REQUIRED,
                List.of(authority.certificate()));
        port = transport.listen("tunnel", new ListenSettings("127.0.0.1", 0, Optional.of(tls)), this);
    }

    int port() {
        return port.port();
    }

    /** Does what EdgeHub does when the node joins. */
    void enrol(Path folder) throws IOException {
        KeyPair keys = Der.newKeys();
        CertificateRequest request = CertificateRequest.parse(CertificateRequest.forNode("edge-1", keys));
        Files.writeString(folder.resolve("ca.crt"), Pem.encode(authority.certificate()));
        Files.writeString(
                folder.resolve("node.pem"),
                Pem.encode(authority.sign(
                                request, Set.of(Usage.CLIENT), Instant.now().minusSeconds(60), Duration.ofDays(1)))
                        + Pem.encode(keys.getPrivate()));
    }

    @Override
    public Admission admit(LinkPeer asking) {
        peer = asking;
        return Admission.accept(Map.of());
    }

    @Override
    public TunnelListener opened(LinkPeer from, Tunnel opened) {
        tunnels.add(opened);
        return new TunnelListener() {
            @Override
            public CompletionStage<Void> received(TunnelFrame frame) {
                stream(frame.id()).add(frame);
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void closed(String reason) {
                streams.values().forEach(queue -> queue.add(TunnelFrame.close(reason)));
            }
        };
    }

    /** The tunnel the node opened last, waiting for it if need be. */
    Tunnel awaitTunnel() throws InterruptedException {
        tunnel = tunnels.poll(30, TimeUnit.SECONDS);
        if (tunnel == null) {
            throw new AssertionError("no tunnel within 30 s");
        }
        return tunnel;
    }

    /** Asks for something and returns the stream's number. */
    long ask(Type type, String path, String query, Map<String, List<String>> headers) {
        long id = ++last;
        boolean webSocket = headers.containsKey("Sec-WebSocket-Key");
        String method = type == Type.LOGS ? "" : webSocket ? "GET" : "POST";
        StreamRequest request = new StreamRequest(id, "127.0.0.1:10350", path, query, headers, method);
        tunnel.send(new TunnelFrame(id, type, request.encode()));
        return id;
    }

    long askLogs(String path, String query) {
        return ask(Type.LOGS, "/containerLogs/" + path, query, Map.of());
    }

    void send(TunnelFrame frame) {
        tunnel.send(frame);
    }

    private BlockingQueue<TunnelFrame> stream(long id) {
        return streams.computeIfAbsent(id, any -> new LinkedBlockingQueue<>());
    }

    TunnelFrame next(long id) throws InterruptedException {
        TunnelFrame frame = stream(id).poll(30, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("nothing from the node within 30 s");
        }
        return frame;
    }

    /** Whether anything came that was not taken yet. */
    boolean quiet(long id) {
        return stream(id).isEmpty();
    }

    /** All data up to the stream's end. */
    String all(long id) throws InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (TunnelFrame frame = next(id); frame.type() == Type.DATA; frame = next(id)) {
            all.writeBytes(frame.data());
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
