package io.skep.cloudhub.internal;

import io.skep.core.api.message.ResourceVersions;
import io.skep.core.api.module.ModuleContext;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ObjectSync and ClusterObjectSync: what each node acknowledged, so that it survives the hub. Called on the module's
 * thread; the store is asked in the worker pool, in order per record.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/cloudhub/common/message_pool.go}, {@code session/node_session.go}.
 */
final class SyncRecords {

    /** The object of one node that a record is about. */
    record Subject(String node, String namespace, ObjectHead head) {

        ObjectKey key() {
            boolean cluster = namespace.equals("null");
            ResourceKind kind = cluster ? Kinds.CLUSTER_OBJECT_SYNC : Kinds.OBJECT_SYNC;
            return new ObjectKey(kind, cluster ? "" : namespace, node + "." + head.uid());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SyncRecords.class);
    private static final String UNSEEN = "0";

    private final ModuleContext context;
    private final ResourceStore store;
    private final HubCounters counters;

    SyncRecords(ModuleContext context, ResourceStore store, HubCounters counters) {
        this.context = context;
        this.store = store;
        this.counters = counters;
    }

    /**
     * Asks whether a node still needs an object at {@code version}. A record is made before the first sending: otherwise
     * an object could be on a node and nobody would know.
     */
    void admit(Subject subject, String version, Consumer<Boolean> decision) {
        context.work(
                workKey(subject),
                () -> {
                    Optional<KubeObject> record = find(subject.key());
                    if (record.isEmpty()) {
                        write(subject, UNSEEN);
                        return true;
                    }
                    return ResourceVersions.isLater(
                            version, record.get().status().text("objectResourceVersion"));
                },
                (needed, failure) -> {
                    if (failure != null) {
                        failed(subject, failure);
                    }
                    decision.accept(failure == null && needed);
                });
    }

    /** The node has the object at this version, on disk. */
    void acknowledged(Subject subject, String version) {
        context.work(
                workKey(subject),
                () -> {
                    write(subject, version);
                    return true;
                },
                (done, failure) -> report(subject, failure));
    }

    /** The node has the object no more. */
    void deleted(Subject subject) {
        context.work(
                workKey(subject),
                () -> {
                    if (find(subject.key()).isPresent()) {
                        store.delete(subject.key(), DeleteOptions.NONE);
                    }
                    return true;
                },
                (done, failure) -> report(subject, failure));
    }

    private void report(Subject subject, Exception failure) {
        if (failure != null) {
            failed(subject, failure);
        }
    }

    /** What isn't recorded is found missing by the next comparison and sent again. */
    private void failed(Subject subject, Exception failure) {
        counters.count(HubCounters.Event.SYNC_FAILED);
        LOG.debug("sync not recorded: object={} reason={}", subject.key(), failure.getMessage());
    }

    private void write(Subject subject, String version) {
        ObjectKey key = subject.key();
        KubeObject record = find(key).orElseGet(() -> create(subject));
        if (!record.status().text("objectResourceVersion").equals(version)) {
            KubeObject next = record.with(Map.of("objectResourceVersion", version), "status")
                    .without("metadata", "resourceVersion");
            store.update(key, "status", next, WriteOptions.NONE);
        }
    }

    private KubeObject create(Subject subject) {
        ObjectKey key = subject.key();
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("objectAPIVersion", subject.head().apiVersion());
        spec.put("objectKind", subject.head().kind());
        spec.put("objectName", subject.head().name());
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", key.kind().apiVersion());
        tree.put("kind", key.kind().kind());
        tree.put("metadata", Map.of("name", key.name()));
        tree.put("spec", spec);
        return store.create(key.kind(), key.namespace(), KubeObject.of(tree), WriteOptions.NONE);
    }

    private Optional<KubeObject> find(ObjectKey key) {
        try {
            return Optional.of(store.get(key));
        } catch (KubeException e) {
            if (Status.NOT_FOUND.equals(e.reason())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String workKey(Subject subject) {
        return "sync/" + subject.node() + "." + subject.head().uid();
    }
}
