package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.HubCounters.Event;
import io.skep.core.api.EdgeException;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.transport.http.HttpAnswer;
import io.skep.transport.http.HttpHandler;
import io.skep.transport.http.HttpRequest;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.JoinToken;
import io.skep.transport.tls.NodeName;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door at which nodes enrol: {@code /ca.crt}, {@code /edge.crt}, {@code /node/<name>}. Transport threads, several at
 * once.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/cloudhub/servers/httpserver}. Stricter here: a token gives a certificate for
 * the node that is named in the header, and for nobody else.
 */
final class Enrolment implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Enrolment.class);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "::1");

    private final Credentials credentials;
    private final ResourceStore store;
    private final Duration validity;
    private final InstantSource clock;
    private final HubCounters counters;

    Enrolment(
            Credentials credentials,
            ResourceStore store,
            Duration validity,
            InstantSource clock,
            HubCounters counters) {
        this.credentials = credentials;
        this.store = store;
        this.validity = validity;
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public HttpAnswer handle(HttpRequest request) {
        if (!request.method().equals("GET")) {
            return HttpAnswer.text(405, "only GET is served here");
        }
        String path = request.path();
        if (path.equals("/ca.crt")) {
            return HttpAnswer.bytes(credentials.authority().certificateDer());
        }
        if (path.equals("/edge.crt")) {
            return certificate(request);
        }
        if (path.startsWith("/node/")) {
            return node(path.substring("/node/".length()));
        }
        return HttpAnswer.text(404, "nothing is served at " + path);
    }

    private HttpAnswer certificate(HttpRequest request) {
        String node = request.header("NodeName");
        try {
            return HttpAnswer.bytes(sign(request, node));
        } catch (EdgeException e) {
            counters.count(Event.ENROL_REFUSED);
            LOG.warn(
                    "certificate refused: node={} remote={} reason={}",
                    printable(node),
                    request.peer().remote(),
                    e.getMessage());
            return HttpAnswer.text(e.reason().code(), e.getMessage());
        }
    }

    private byte[] sign(HttpRequest request, String node) {
        if (!NodeName.isValid(node)) {
            throw new EdgeException(EdgeException.Reason.BAD_REQUEST, "header NodeName does not name a node");
        }
        Instant now = clock.instant();
        authenticate(request, node, now);
        CertificateRequest csr = CertificateRequest.parse(request.body());
        if (!csr.commonName().equals(NodeName.user(node))
                || !csr.organizations().equals(List.of(NodeName.ORGANIZATION))) {
            throw new EdgeException(
                    EdgeException.Reason.FORBIDDEN,
                    "the request is not for CN=" + NodeName.user(node) + ", O=" + NodeName.ORGANIZATION);
        }
        Set<Usage> usages = usages(request.header("ExtKeyUsages"));
        if (usages.contains(Usage.SERVER) && csr.names().stream().anyMatch(this::isOurs)) {
            throw new EdgeException(
                    EdgeException.Reason.FORBIDDEN, "a node cannot have a server certificate for the cloud's names");
        }
        byte[] signed = Der.encode(credentials.authority().sign(csr, usages, now, validity));
        counters.count(Event.ENROLLED);
        LOG.info("certificate given: node={} remote={}", node, request.peer().remote());
        return signed;
    }

    /** By the certificate the node has, for a renewal; else by a join token. */
    private void authenticate(HttpRequest request, String node, Instant now) {
        List<X509Certificate> chain = request.peer().certificates();
        if (!chain.isEmpty()) {
            credentials.authority().verify(chain, Usage.CLIENT, now);
            Optional<String> mismatch = NodeName.mismatch(chain.get(0), node);
            if (mismatch.isPresent()) {
                throw new EdgeException(EdgeException.Reason.UNAUTHORIZED, mismatch.get());
            }
            return;
        }
        String[] authorization = request.header("Authorization").split(" ", -1);
        if (authorization.length != 2) {
            throw new EdgeException(EdgeException.Reason.UNAUTHORIZED, "header Authorization holds no token");
        }
        JoinToken.verifyBearer(authorization[1], credentials.authority(), now);
    }

    private static Set<Usage> usages(String header) {
        Set<Usage> usages = EnumSet.noneOf(Usage.class);
        try {
            for (int number : header.isEmpty() ? List.of(Usage.CLIENT.number()) : Json.numbers(header)) {
                usages.add(usage(number));
            }
        } catch (IOException e) {
            throw new EdgeException(EdgeException.Reason.BAD_REQUEST, "header ExtKeyUsages is no list of numbers", e);
        }
        return usages;
    }

    private static Usage usage(int number) {
        for (Usage usage : Usage.values()) {
            if (usage.number() == number) {
                return usage;
            }
        }
        throw new EdgeException(EdgeException.Reason.BAD_REQUEST, "header ExtKeyUsages: " + number + " is not given");
    }

    /** Loopback is everybody's own; any other name of the cloud would let a node pretend to be the cloud. */
    private boolean isOurs(String name) {
        return !LOOPBACK.contains(name)
                && HubSecrets.alternativeNames(credentials.server().certificate())
                        .contains(name);
    }

    /** Asked before joining: 404 means that the name is free. */
    private HttpAnswer node(String name) {
        if (!NodeName.isValid(name)) {
            return HttpAnswer.text(400, "no node name");
        }
        try {
            store.get(ObjectKey.of(Kinds.NODE, name));
            return HttpAnswer.text(200, "node " + name + " exists");
        } catch (KubeException e) {
            boolean absent = Status.NOT_FOUND.equals(e.reason());
            return HttpAnswer.text(absent ? 404 : 500, absent ? "node " + name + " not found" : e.getMessage());
        }
    }

    private static String printable(String node) {
        return NodeName.isValid(node) ? node : "?";
    }
}
