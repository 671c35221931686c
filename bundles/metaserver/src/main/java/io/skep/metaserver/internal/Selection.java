package io.skep.metaserver.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Selector;
import java.util.stream.Stream;

/**
 * Which objects a list or watch is about. Fields are looked up by their path, which is more than an API server offers.
 *
 * @param namespace {@code ""} for all
 */
record Selection(ResourceKind kind, String namespace, Selector labels, Selector fields) {

    static Selection of(ResourceKind kind, String namespace, ListOptions options) {
        return new Selection(kind, namespace, options.labels(), options.fields());
    }

    /** Itself, and what it is a part of. */
    Stream<Selection> wholes() {
        return Stream.of(
                        this,
                        new Selection(kind, namespace, Selector.ALL, Selector.ALL),
                        new Selection(kind, "", Selector.ALL, Selector.ALL))
                .distinct();
    }

    /** Names an object of this kind. */
    ObjectKey key(KubeObject object) {
        return new ObjectKey(kind, kind.namespaced() ? object.namespace() : "", object.name());
    }

    /** What the cloud says there is of it. */
    KubeList list(Doc answer) {
        return new KubeList(
                answer.text("metadata", "resourceVersion"),
                answer.text("metadata", "continue"),
                answer.number(0, "metadata", "remainingItemCount"),
                answer.objects("items").stream()
                        .map(item -> new KubeObject(item).typed(kind))
                        .toList());
    }

    boolean matches(ObjectKey key, KubeObject object) {
        return key.kind().equals(kind)
                && (namespace.isEmpty() || namespace.equals(key.namespace()))
                && labels.matches(object.labels()::get)
                && fields.matches(path -> object.doc().text(path.split("\\.")));
    }
}
