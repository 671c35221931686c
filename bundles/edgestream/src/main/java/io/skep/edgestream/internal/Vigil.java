package io.skep.edgestream.internal;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether a tunnel's peer has been silent for too long. Belongs to the module's thread.
 *
 * <p>CloudCore reads nothing, not even a ping, from a new tunnel until it has written the node, which it looks for each
 * 20 s and for two minutes at most: on a node's first join that is the rule. Whoever dials anew meanwhile gets two
 * tunnels, of which CloudCore then uses the dead one. Source: KubeEdge v1.22
 * {@code cloud/pkg/cloudstream/tunnelserver.go}.
 */
final class Vigil {

    /** CloudCore's two minutes and a look more. */
    static final Duration FIRST = Duration.ofSeconds(150);

    /** So much the two clocks that are compared may differ. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final Duration deadline;
    private final Instant opened;
    private boolean heard;

    /** @param deadline of a peer that was heard once */
    Vigil(Duration deadline, Instant opened) {
        this.deadline = deadline;
        this.opened = opened;
    }

    boolean isOverdue(Duration silence, Instant now) {
        heard |= silence.plus(TOLERANCE).compareTo(Duration.between(opened, now)) < 0;
        Duration limit = heard || deadline.compareTo(FIRST) > 0 ? deadline : FIRST;
        return silence.compareTo(limit) > 0;
    }
}
