package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.HubCounters.Event;
import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkPeer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may open a link: a node whose certificate is its own. Any thread.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/cloudhub/handler/message_handler.go}, {@code authorization/authorizer.go}. There
 * a refused peer is left hanging; here it is told why.
 */
final class Admittance {

    /** Request header in which a node of our own kind says what it can do beyond KubeEdge; the answer says what holds. */
    static final String FEATURES = "Skep-Features";

    /** Feature: unanswered messages are acknowledged, and many objects may be under way. */
    static final String UPSTREAM_ACK = "upstream-ack";

    private static final Logger LOG = LoggerFactory.getLogger(Admittance.class);

    private final Predicate<String> hasRoom;
    private final HubCounters counters;

    /** @param hasRoom whether a node may come in besides those that are; any thread */
    Admittance(Predicate<String> hasRoom, HubCounters counters) {
        this.hasRoom = hasRoom;
        this.counters = counters;
    }

    Admission judge(LinkPeer peer) {
        Optional<Admission> refusal = refusal(peer);
        if (refusal.isPresent()) {
            counters.count(Event.REFUSED);
            LOG.warn(
                    "node refused: remote={} reason={}",
                    peer.remote(),
                    refusal.get().reason());
            return refusal.get();
        }
        return Admission.accept(isOwnKind(peer) ? Map.of(FEATURES, UPSTREAM_ACK) : Map.of());
    }

    private Optional<Admission> refusal(LinkPeer peer) {
        String node = node(peer);
        if (!NodeName.isValid(node)) {
            return Optional.of(Admission.refuse(400, "header node_id does not name a node"));
        }
        if (!peer.header("ConnectionUse").equals("msg")) {
            return Optional.of(Admission.refuse(400, "header ConnectionUse must be msg"));
        }
        if (peer.certificates().isEmpty()) {
            return Optional.of(Admission.refuse(401, "no certificate was shown"));
        }
        Optional<String> mismatch = NodeName.mismatch(peer.certificates().get(0), node);
        if (mismatch.isPresent()) {
            return Optional.of(Admission.refuse(403, mismatch.get()));
        }
        return hasRoom.test(node) ? Optional.empty() : Optional.of(Admission.refuse(503, Sessions.FULL));
    }

    static String node(LinkPeer peer) {
        return peer.header("node_id");
    }

    static boolean isOwnKind(LinkPeer peer) {
        return Arrays.stream(peer.header(FEATURES).split(",")).map(String::trim).anyMatch(UPSTREAM_ACK::equals);
    }
}
