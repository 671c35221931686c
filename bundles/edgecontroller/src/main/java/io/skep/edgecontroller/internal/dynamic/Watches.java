package io.skep.edgecontroller.internal.dynamic;

import io.skep.core.api.module.ModuleContext;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The watches of all nodes. State of the module's thread. A watch sends nothing while its node has no session, and is taken
 * up again with everything there is when the node is back: EdgeCore does not tell its watches anew after it reconnected.
 */
final class Watches {

    /** A node that stays away for longer has to ask again. */
    static final Duration LONGEST_ABSENCE = Duration.ofHours(24);

    private static final class OfNode {
        private final Map<String, Listener> listeners = new LinkedHashMap<>();
        private ModuleContext.Timer forget = () -> {};
    }

    private final ModuleContext context;
    private final ResourceStore store;
    private final Outbox outbox;
    private final DynamicCounters counters;
    private final int mostOfNode;
    private final Map<String, OfNode> byNode = new HashMap<>();
    private final Set<String> connected = new HashSet<>();
    private final Map<ResourceKind, KindFeed> feeds = new HashMap<>();

    Watches(ModuleContext context, ResourceStore store, Outbox outbox, DynamicCounters counters, int mostOfNode) {
        this.context = context;
        this.store = store;
        this.outbox = outbox;
        this.counters = counters;
        this.mostOfNode = mostOfNode;
    }

    /**
     * Begins a watch, instead of the one of the same ID if there is one.
     *
     * @param then hears nothing when what there is was sent (or will be, once the node has a session), or why there will
     *     be no watch
     */
    void add(Listener listener, Consumer<Optional<Status>> then) {
        remove(listener.node(), listener.id());
        OfNode node = byNode.computeIfAbsent(listener.node(), n -> new OfNode());
        if (node.listeners.size() >= mostOfNode) {
            then.accept(Optional.of(Refusals.tooMany("node " + listener.node() + " has " + mostOfNode
                    + " watches, which is the most dynamic.listeners allows")));
            return;
        }
        node.listeners.put(listener.id(), listener);
        count();
        if (!connected.contains(listener.node())) {
            away(listener.node(), node);
            then.accept(Optional.empty());
            return;
        }
        feed(listener.kind()).add(listener, problem -> {
            if (problem.isPresent()) {
                remove(listener.node(), listener.id());
            }
            then.accept(problem);
        });
    }

    private KindFeed feed(ResourceKind kind) {
        KindFeed feed = feeds.get(kind);
        if (feed == null) {
            feed = new KindFeed(context, store, outbox, kind);
            feeds.put(kind, feed);
            feed.start();
        }
        return feed;
    }

    /** Ends a watch; harmless when there is none. */
    void remove(String node, String id) {
        OfNode ofNode = byNode.get(node);
        Listener listener = ofNode == null ? null : ofNode.listeners.remove(id);
        if (listener == null) {
            return;
        }
        leave(listener);
        if (ofNode.listeners.isEmpty()) {
            ofNode.forget.cancel();
            byNode.remove(node);
        }
        count();
    }

    private void leave(Listener listener) {
        KindFeed feed = feeds.get(listener.kind());
        if (feed != null) {
            feed.remove(listener);
            if (feed.isIdle()) {
                feeds.remove(listener.kind());
                feed.stop();
            }
        }
    }

    Set<String> ids(String node) {
        OfNode ofNode = byNode.get(node);
        return ofNode == null ? Set.of() : Set.copyOf(ofNode.listeners.keySet());
    }

    /** All watches there are. */
    List<Listener> all() {
        List<Listener> all = new ArrayList<>();
        byNode.values().forEach(node -> all.addAll(node.listeners.values()));
        return all;
    }

    /** The node has a session: its watches begin anew. */
    void connected(String name) {
        connected.add(name);
        OfNode node = byNode.get(name);
        if (node != null) {
            node.forget.cancel();
            for (Listener listener : List.copyOf(node.listeners.values())) {
                feed(listener.kind()).add(listener, problem -> problem.ifPresent(p -> remove(name, listener.id())));
            }
        }
    }

    /** The node has no session any more: its watches rest. */
    void disconnected(String name) {
        connected.remove(name);
        OfNode node = byNode.get(name);
        if (node != null) {
            node.listeners.values().forEach(this::leave);
            outbox.forget(name);
            away(name, node);
        }
    }

    private void away(String name, OfNode node) {
        node.forget.cancel();
        node.forget = context.after(LONGEST_ABSENCE, () -> {
            if (byNode.remove(name, node)) {
                count();
            }
        });
    }

    private void count() {
        counters.listeners(
                byNode.values().stream().mapToInt(n -> n.listeners.size()).sum());
    }

    void stop() {
        feeds.values().forEach(KindFeed::stop);
        feeds.clear();
        byNode.clear();
    }
}
