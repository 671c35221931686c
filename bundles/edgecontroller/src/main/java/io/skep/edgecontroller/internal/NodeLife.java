package io.skep.edgecontroller.internal;

import io.skep.core.api.module.ModuleContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over the leases of edge nodes with one timer a node. A node nobody heard of for the grace period is marked
 * unreachable; its pods are never touched, they go on running on the node. State of the module's thread.
 *
 * <p>As in Kubernetes ({@code pkg/controller/nodelifecycle}) it counts when a renewal was seen by our clock, not the time
 * the node wrote into the lease: clocks differ.
 */
final class NodeLife {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final class Pulse {
        private Instant seen;
        private boolean lost;
        private ModuleContext.Timer timer = () -> {};

        Pulse(Instant seen) {
            this.seen = seen;
        }
    }

    private final ModuleContext context;
    private final NodeMarks marks;
    private final Duration grace;
    private final Counters counters;
    private final Map<String, Pulse> pulses = new HashMap<>();
    private final Map<String, Left.Pulse> inherited = new HashMap<>();

    NodeLife(ModuleContext context, NodeMarks marks, Duration grace, Counters counters) {
        this.context = context;
        this.marks = marks;
        this.grace = grace;
        this.counters = counters;
    }

    /** When a predecessor heard of nodes last: a change of hands gives no node a new grace. */
    void inherit(Map<String, Left.Pulse> left) {
        inherited.putAll(left);
    }

    /** When nodes were heard of last. */
    Map<String, Left.Pulse> left() {
        Map<String, Left.Pulse> left = new HashMap<>(inherited);
        pulses.forEach((node, pulse) -> left.put(node, new Left.Pulse(pulse.seen, pulse.lost)));
        return left;
    }

    /** An edge node exists; its grace begins when it is first seen. */
    void watch(String node) {
        if (!pulses.containsKey(node)) {
            Instant now = context.clock().instant();
            Left.Pulse left = inherited.remove(node);
            boolean known = left != null && !left.seen().isAfter(now);
            Pulse pulse = new Pulse(known ? left.seen() : now);
            pulse.lost = known && left.lost();
            pulses.put(node, pulse);
            Duration rest = grace.minus(Duration.between(pulse.seen, now));
            arm(node, pulse, rest.isNegative() ? Duration.ZERO : rest);
        }
    }

    /** The node is no more, or no edge node any more. */
    void forget(String node) {
        Pulse pulse = pulses.remove(node);
        if (pulse != null) {
            pulse.timer.cancel();
        }
    }

    /** The node gave a sign of life. */
    void seen(String node) {
        Pulse pulse = pulses.get(node);
        if (pulse == null) {
            inherited.computeIfPresent(
                    node, (same, left) -> new Left.Pulse(context.clock().instant(), left.lost()));
            return;
        }
        pulse.seen = context.clock().instant();
        if (pulse.lost) {
            pulse.lost = false;
            LOG.info("node heard of again: node={}", node);
            pulse.timer.cancel();
            arm(node, pulse, grace);
        }
    }

    private void arm(String node, Pulse pulse, Duration delay) {
        pulse.timer = context.after(delay, () -> due(node, pulse));
    }

    /** Renewals don't move the timer, they only move the time it finds: thousands of nodes renew, few are lost. */
    private void due(String node, Pulse pulse) {
        if (pulses.get(node) != pulse) {
            return;
        }
        Duration silent = Duration.between(pulse.seen, context.clock().instant());
        if (silent.compareTo(grace) < 0) {
            arm(node, pulse, grace.minus(silent));
            return;
        }
        pulse.lost = true;
        context.work(marks.workKey(node), () -> marks.unreachable(node), (marked, failure) -> {
            if (failure != null) {
                LOG.debug("cannot mark node: node={} reason={}", node, failure.getMessage());
                arm(node, pulse, RETRY);
            } else if (marked) {
                counters.nodeLost();
                LOG.warn("node lost: node={} silent={}", node, silent);
            }
        });
    }
}
