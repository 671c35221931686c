package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Operation;
import io.skep.core.api.message.ResourceVersions;
import io.skep.core.api.module.ModuleContext;
import io.skep.edgecontroller.internal.SyncIndex.Synced;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what a node acknowledged with what there is, and sends the difference. Nothing is deleted on a node because a
 * mirror lacks it: the store is asked for that very object first.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/synccontroller}; it compares each 5 s, here a node is also compared the moment
 * it connects.
 */
final class Consistency {

    private static final Logger LOG = LoggerFactory.getLogger(Consistency.class);

    private final ModuleContext context;
    private final ResourceStore store;
    private final SyncIndex syncs;
    private final PodIndex pods;
    private final Map<ResourceKind, Reflector> mirrors;
    private final Downstream downstream;

    Consistency(
            ModuleContext context,
            ResourceStore store,
            SyncIndex syncs,
            PodIndex pods,
            Map<ResourceKind, Reflector> mirrors,
            Downstream downstream) {
        this.context = context;
        this.store = store;
        this.syncs = syncs;
        this.pods = pods;
        this.mirrors = mirrors;
        this.downstream = downstream;
    }

    /** Sends {@code node} what it lacks. */
    void repair(String node) {
        syncs.on(node).forEach(this::compare);
        for (KubeObject pod : pods.podsOn(node)) {
            if (!syncs.has(node, pod.uid())) {
                String operation = pod.deletionTimestamp().isPresent() ? Operation.UPDATE : Operation.INSERT;
                downstream.repair(node, pod.uid(), Wire.push(node, operation, pod));
            }
        }
        for (ObjectKey key : pods.neededOn(node)) {
            mirrored(key).filter(o -> !syncs.has(node, o.uid())).ifPresent(object -> {
                String operation = key.kind().equals(Kinds.SECRET) ? Operation.UPDATE : Operation.INSERT;
                downstream.repair(node, object.uid(), Wire.push(node, operation, object));
            });
        }
    }

    private Optional<KubeObject> mirrored(ObjectKey key) {
        return mirrors.get(key.kind()).get(key.namespace(), key.name());
    }

    private void compare(Synced synced) {
        Optional<ResourceKind> kind = kind(synced);
        if (kind.isEmpty() || synced.name().isEmpty()) {
            LOG.debug("sync of an unknown kind: sync={} kind={}", synced.key().name(), synced.kind());
            return;
        }
        Reflector mirror = mirrors.computeIfAbsent(kind.get(), this::mirror);
        if (!mirror.synced()) {
            return;
        }
        Optional<KubeObject> live = mirror.get(synced.namespace(), synced.name())
                .filter(o -> o.uid().equals(synced.uid()));
        if (live.isPresent()) {
            update(synced, live.get(), pods.contentVersion(live.get()));
        } else {
            lookUp(synced, kind.get());
        }
    }

    private Optional<ResourceKind> kind(Synced synced) {
        return Kinds.of(synced.apiVersion(), synced.kind())
                .filter(mirrors::containsKey)
                .or(() -> store.kinds().stream()
                        .filter(k -> k.apiVersion().equals(synced.apiVersion())
                                && k.kind().equals(synced.kind()))
                        .findFirst());
    }

    /** What a node was sent because it watches it is compared as often as the rest; asked for one by one it is too much. */
    private Reflector mirror(ResourceKind kind) {
        Reflector mirror = new Reflector(context, store, kind, "", new Reflector.Listener() {
            @Override
            public void changed(KubeObject object, Optional<KubeObject> before, boolean listed) {}

            @Override
            public void deleted(KubeObject last) {}

            @Override
            public void listed() {}
        });
        mirror.start();
        return mirror;
    }

    /** Asks the store itself; the way of everything about to be deleted. */
    private void lookUp(Synced synced, ResourceKind kind) {
        ObjectKey key = new ObjectKey(kind, synced.namespace(), synced.name());
        context.work("compare/" + synced.node(), () -> Reflector.lookUp(store, key), (live, failure) -> {
            if (failure != null) {
                LOG.debug("cannot compare: object={} reason={}", key, failure.getMessage());
            } else if (live.isEmpty() || !live.get().uid().equals(synced.uid())) {
                downstream.repair(
                        synced.node(),
                        synced.uid(),
                        Wire.gone(synced.node(), synced.kind(), synced.namespace(), synced.name(), synced.uid()));
            } else {
                update(synced, live.get(), pods.contentVersion(live.get()));
            }
        });
    }

    private void update(Synced synced, KubeObject live, String version) {
        if (ResourceVersions.isLater(version, synced.version())) {
            KubeObject typed = live.with(synced.apiVersion(), "apiVersion").with(synced.kind(), "kind");
            downstream.repair(synced.node(), synced.uid(), Wire.push(synced.node(), Operation.UPDATE, typed));
        }
    }

    /** Takes back what {@code node} acknowledged and sends it everything. */
    void resendAll(String node, Consumer<Optional<String>> then) {
        List<Synced> records = syncs.on(node);
        context.work(
                "compare/" + node,
                () -> {
                    for (Synced synced : records) {
                        if (Reflector.lookUp(store, synced.key()).isPresent()) {
                            store.delete(synced.key(), DeleteOptions.NONE);
                        }
                    }
                    return node;
                },
                (done, failure) -> {
                    if (failure != null) {
                        then.accept(Optional.of(String.valueOf(failure.getMessage())));
                        return;
                    }
                    LOG.info("node asked for everything: node={} records={}", node, records.size());
                    then.accept(Optional.empty());
                    pods.neededOn(node)
                            .forEach(key -> mirrored(key)
                                    .ifPresent(
                                            o -> downstream.send(node, o.uid(), Wire.push(node, Operation.UPDATE, o))));
                    pods.podsOn(node)
                            .forEach(p -> downstream.send(node, p.uid(), Wire.push(node, Operation.INSERT, p)));
                });
    }

    /** Removes the records of a node that left the cluster, once the store confirms that it did. */
    void forget(String node) {
        ObjectKey nodeKey = ObjectKey.of(Kinds.NODE, node);
        for (Synced synced : syncs.on(node)) {
            context.work(
                    "compare/" + node,
                    () -> {
                        if (Reflector.lookUp(store, nodeKey).isEmpty()
                                && Reflector.lookUp(store, synced.key()).isPresent()) {
                            store.delete(synced.key(), DeleteOptions.NONE);
                        }
                        return node;
                    },
                    (done, failure) -> {
                        if (failure != null) {
                            LOG.debug("cannot remove sync: sync={} reason={}", synced.key(), failure.getMessage());
                        }
                    });
        }
    }
}
