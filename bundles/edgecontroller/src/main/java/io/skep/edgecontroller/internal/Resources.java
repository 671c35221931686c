package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.edgecontroller.internal.SyncIndex.Synced;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Watches what nodes are to have and pushes changes to them; compares on connect, after each list and now and then. State
 * of the module's thread.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/edgecontroller/controller/downstream.go}.
 */
final class Resources {

    private static final String EDGE_LABEL = "node-role.kubernetes.io/edge";
    private static final String LEASE_NAMESPACE = "kube-node-lease";

    private final ModuleContext context;
    private final ResourceStore store;
    private final Downstream downstream;
    private final NodeLife life;
    private final EdgeControllerSettings settings;
    private final Runnable whenListed;
    private final PodIndex pods = new PodIndex();
    private final SyncIndex syncs = new SyncIndex();
    private final Map<ResourceKind, Reflector> mirrors = new HashMap<>();
    private final Consistency consistency;
    private ModuleContext.Timer check = () -> {};
    private boolean listed;

    Resources(
            ModuleContext context,
            ResourceStore store,
            Downstream downstream,
            NodeLife life,
            EdgeControllerSettings settings,
            Runnable whenListed) {
        this.context = context;
        this.store = store;
        this.downstream = downstream;
        this.life = life;
        this.settings = settings;
        this.whenListed = whenListed;
        this.consistency = new Consistency(context, store, syncs, pods, mirrors, downstream);
    }

    void start() {
        mirror(Kinds.NODE, "", new NodeListener());
        mirror(Kinds.POD, "", new PodListener());
        mirror(Kinds.CONFIG_MAP, "", new ConfigListener());
        mirror(Kinds.SECRET, "", new ConfigListener());
        mirror(Kinds.OBJECT_SYNC, "", new SyncListener());
        mirror(Kinds.CLUSTER_OBJECT_SYNC, "", new SyncListener());
        if (settings.nodeLifecycle()) {
            mirror(Kinds.LEASE, LEASE_NAMESPACE, new LeaseListener());
        }
        mirrors.values().forEach(Reflector::start);
        check = context.every(settings.syncPeriod(), this::repairAll);
    }

    private void mirror(ResourceKind kind, String namespace, Reflector.Listener listener) {
        mirrors.put(kind, new Reflector(context, store, kind, namespace, listener));
    }

    void stop() {
        check.cancel();
        mirrors.values().forEach(Reflector::stop);
    }

    void connected(String node) {
        downstream.connected(node);
        repair(node);
    }

    void disconnected(String node) {
        downstream.disconnected(node);
    }

    /** Nothing is compared before everything is listed: what isn't known yet must not look absent. */
    private void repairAll() {
        List.copyOf(downstream.connected()).forEach(this::repair);
    }

    private void repair(String node) {
        if (listed && isEdge(node)) {
            consistency.repair(node);
        }
    }

    /**
     * Sends a node all it is to have, as if it had never acknowledged anything.
     *
     * @param then hears what stands against it, or nothing when it is done; module's thread
     */
    void resendAll(String node, Consumer<Optional<String>> then) {
        if (!listed) {
            then.accept(Optional.of("resources are not listed yet"));
        } else {
            consistency.resendAll(node, then);
        }
    }

    /** Whether a pod of {@code node} is known to use a ConfigMap or Secret. */
    boolean isNeeded(String node, ObjectKey configOrSecret) {
        return pods.isNeeded(node, configOrSecret);
    }

    private boolean isEdge(String node) {
        return mirrors.get(Kinds.NODE).get("", node).filter(Resources::isEdge).isPresent();
    }

    private static boolean isEdge(KubeObject node) {
        return "".equals(node.labels().get(EDGE_LABEL));
    }

    private void whenListed() {
        boolean all = mirrors.values().stream().allMatch(Reflector::synced);
        if (all && !listed) {
            listed = true;
            whenListed.run();
            forgetVanished();
        }
        repairAll();
    }

    private void forgetVanished() {
        for (String node : syncs.nodes()) {
            if (mirrors.get(Kinds.NODE).get("", node).isEmpty()) {
                consistency.forget(node);
            }
        }
    }

    private void push(String node, String operation, KubeObject object) {
        if (listed && isEdge(node)) {
            downstream.send(node, object.uid(), Wire.push(node, operation, object));
        }
    }

    private abstract class Listening implements Reflector.Listener {
        @Override
        public void listed() {
            whenListed();
        }
    }

    private final class NodeListener extends Listening {
        @Override
        public void changed(KubeObject node, Optional<KubeObject> before, boolean listedNow) {
            if (!isEdge(node)) {
                life.forget(node.name());
                return;
            }
            if (settings.nodeLifecycle()) {
                life.watch(node.name());
            }
            if (before.filter(Resources::isEdge).isEmpty()
                    && downstream.connected().contains(node.name())) {
                repair(node.name());
            }
        }

        @Override
        public void deleted(KubeObject node) {
            life.forget(node.name());
            if (downstream.connected().contains(node.name())) {
                downstream.deliver(Wire.nodeDeleted(node.name()));
            }
            consistency.forget(node.name());
        }
    }

    private final class PodListener extends Listening {
        @Override
        public void changed(KubeObject pod, Optional<KubeObject> before, boolean listedNow) {
            boolean relevant = pods.put(pod);
            if (relevant && !listedNow) {
                boolean fresh = before.isEmpty() && pod.deletionTimestamp().isEmpty();
                push(pod.spec().text("nodeName"), fresh ? Operation.INSERT : Operation.UPDATE, pod);
            }
        }

        @Override
        public void deleted(KubeObject pod) {
            pods.remove(pod.uid());
            push(pod.spec().text("nodeName"), Operation.DELETE, pod);
        }
    }

    private final class ConfigListener extends Listening {
        @Override
        public void changed(KubeObject object, Optional<KubeObject> before, boolean listedNow) {
            boolean insert = before.isEmpty() && object.kind().equals(Kinds.CONFIG_MAP.kind());
            if (!listedNow) {
                toAll(object, insert ? Operation.INSERT : Operation.UPDATE);
            }
        }

        @Override
        public void deleted(KubeObject object) {
            toAll(object, Operation.DELETE);
        }

        /** To the nodes whose pods need it, and to those that have it from earlier. */
        private void toAll(KubeObject object, String operation) {
            ResourceKind kind = object.kind().equals(Kinds.SECRET.kind()) ? Kinds.SECRET : Kinds.CONFIG_MAP;
            Set<String> nodes =
                    new HashSet<>(pods.nodesThatNeed(new ObjectKey(kind, object.namespace(), object.name())));
            nodes.addAll(syncs.nodesWith(object.uid()));
            new ArrayList<>(nodes).forEach(node -> push(node, operation, object));
        }
    }

    private final class SyncListener extends Listening {
        @Override
        public void changed(KubeObject sync, Optional<KubeObject> before, boolean listedNow) {
            each(sync, (index, synced) -> index.put(synced));
        }

        @Override
        public void deleted(KubeObject sync) {
            each(sync, (index, synced) -> index.remove(synced));
        }

        private void each(KubeObject sync, BiConsumer<SyncIndex, Synced> action) {
            Synced.from(sync).ifPresent(synced -> {
                action.accept(syncs, synced);
                if (!synced.version().equals("0")) {
                    downstream.acknowledged(synced.node(), synced.uid());
                }
            });
        }
    }

    private final class LeaseListener extends Listening {
        @Override
        public void changed(KubeObject lease, Optional<KubeObject> before, boolean listedNow) {
            if (!listedNow) {
                life.seen(lease.name());
            }
        }

        @Override
        public void deleted(KubeObject lease) {}
    }
}
