package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.HubCounters.Event;
import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkPeer;
import io.skep.transport.tls.NodeName;
import java.util.Arrays;
import java.util.List;
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

    /** Feature: the node takes packages for its modules. */
    static final String MODULE_OPERATIONS = "module-operations";

    private static final List<String> KNOWN = List.of(UPSTREAM_ACK, MODULE_OPERATIONS);

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
        List<String> agreed = KNOWN.stream().filter(f -> offers(peer, f)).toList();
        return Admission.accept(agreed.isEmpty() ? Map.of() : Map.of(FEATURES, String.join(", ", agreed)));
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
        return offers(peer, UPSTREAM_ACK);
    }

    /** Whether a peer can do something beyond KubeEdge. */
    static boolean offers(LinkPeer peer, String feature) {
        return Arrays.stream(peer.header(FEATURES).split(",")).map(String::trim).anyMatch(feature::equals);
    }
}
