package io.skep.kube.embedded.internal.control;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.RootCertificate;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.rules.Rules;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gives namespaces their service account and root certificate, and empties those that are being deleted. A pod in one is
 * deleted with its own grace: the namespace stays until its kubelet has confirmed.
 *
 * <p>Source: Kubernetes {@code pkg/controller/namespace/deletion}, {@code pkg/controller/serviceaccount}, {@code
 * pkg/controller/certificates/rootcacertpublisher}.
 */
final class Namespaces {

    private static final KubeObject PUBLISHED = KubeObject.of(Map.of(
            "metadata",
            Map.of(
                    "name",
                    RootCertificate.CONFIG_MAP,
                    "annotations",
                    Map.of("kubernetes.io/description", "Verifies the certificate of this cluster's API server."))));

    private final ResourceStore store;
    private String rootCertificate = "";

    Namespaces(ResourceStore store) {
        this.store = store;
    }

    void sweep() {
        store.list(Kinds.NAMESPACE, "", ListOptions.ALL).items().forEach(this::changed);
    }

    void changed(KubeObject namespace) {
        if (namespace.deletionTimestamp().isPresent()) {
            empty(namespace);
        } else {
            Bootstrap.createIfAbsent(store, Kinds.SERVICE_ACCOUNT, namespace.name(), "default");
            publishIn(namespace.name());
        }
    }

    /** From now on each namespace has this certificate. */
    void publish(String certificate) {
        rootCertificate = certificate;
        sweep();
    }

    /** Somebody wrote or deleted what {@link #publish} made. */
    void publishedChanged(String name) {
        whereItStays(name, namespace -> publishIn(name));
    }

    private void whereItStays(String name, Consumer<KubeObject> then) {
        try {
            KubeObject namespace = store.get(ObjectKey.of(Kinds.NAMESPACE, name));
            if (namespace.deletionTimestamp().isEmpty()) {
                then.accept(namespace);
            }
        } catch (KubeException e) {
            ignoreGone(e);
        }
    }

    private void publishIn(String namespace) {
        if (rootCertificate.isEmpty()) {
            return;
        }
        ObjectKey key = new ObjectKey(Kinds.CONFIG_MAP, namespace, RootCertificate.CONFIG_MAP);
        Map<String, Object> data = Map.of(RootCertificate.FIELD, rootCertificate);
        try {
            Bootstrap.createIfAbsent(store, key.kind(), namespace, PUBLISHED.with(data, "data"));
            KubeObject published = store.get(key);
            if (!published.doc().object("data").asMap().equals(data)) {
                store.update(key, "", published.with(data, "data"), WriteOptions.NONE);
            }
        } catch (KubeException e) {
            // Nothing new comes into a namespace that is being deleted.
            if (!e.reason().equals(Status.FORBIDDEN)) {
                ignoreGone(e);
            }
        }
    }

    /** Somebody deleted the account that each namespace has. */
    void accountGone(String name) {
        whereItStays(name, this::changed);
    }

    /** Something in it is gone; it may have been the last thing. */
    void emptied(String name) {
        try {
            KubeObject namespace = store.get(ObjectKey.of(Kinds.NAMESPACE, name));
            if (namespace.deletionTimestamp().isPresent()) {
                empty(namespace);
            }
        } catch (KubeException e) {
            ignoreGone(e);
        }
    }

    private void empty(KubeObject namespace) {
        boolean empty = true;
        for (ResourceKind kind : store.kinds()) {
            if (kind.namespaced()) {
                List<KubeObject> inside =
                        store.list(kind, namespace.name(), ListOptions.ALL).items();
                empty &= inside.isEmpty();
                inside.forEach(object -> delete(kind, object));
            }
        }
        if (empty) {
            finish(namespace);
        }
    }

    private void delete(ResourceKind kind, KubeObject object) {
        if (object.deletionTimestamp().isPresent()) {
            return;
        }
        try {
            store.delete(
                    new ObjectKey(kind, object.namespace(), object.name()), DeleteOptions.NONE.onlyUid(object.uid()));
        } catch (KubeException e) {
            ignoreGone(e);
        }
    }

    /** Takes our own finalizer away; the namespace goes now unless there are others. */
    private void finish(KubeObject namespace) {
        List<?> others = namespace.spec().items("finalizers").stream()
                .filter(finalizer -> !Rules.NAMESPACE_FINALIZER.equals(finalizer))
                .toList();
        try {
            store.update(
                    ObjectKey.of(Kinds.NAMESPACE, namespace.name()),
                    "finalize",
                    namespace.with(others, "spec", "finalizers").without("metadata", "resourceVersion"),
                    WriteOptions.NONE);
        } catch (KubeException e) {
            ignoreGone(e);
        }
    }

    private static void ignoreGone(KubeException e) {
        if (!e.reason().equals(Status.NOT_FOUND) && !e.reason().equals(Status.CONFLICT)) {
            throw e;
        }
    }
}
