package io.skep.kube.embedded.internal.control;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.GarbageFinalizers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Removes what has lost its last owner, and does what the two propagation finalizers ask for. All on the housekeeper's
 * thread.
 *
 * <p>Source: Kubernetes {@code pkg/controller/garbagecollector}. An owner of a kind that is not kept here counts as
 * present: nothing is deleted on a guess.
 */
final class Owners {

    private final ResourceStore store;
    private final Map<String, Set<ObjectKey>> dependents = new HashMap<>();

    Owners(ResourceStore store) {
        this.store = store;
    }

    /** An object with owners was created or changed; most changes, as a lease's, are no news about its owners. */
    void seen(ResourceKind kind, KubeObject object) {
        ObjectKey key = new ObjectKey(kind, object.namespace(), object.name());
        boolean news = false;
        for (Doc owner : object.ownerReferences()) {
            news |= dependents
                    .computeIfAbsent(owner.text("uid"), u -> new HashSet<>())
                    .add(key);
        }
        if (news) {
            collectIfOrphaned(key);
        }
    }

    /** An object is gone; what it alone owned follows, and an owner that waited for it may go. */
    void gone(KubeObject object) {
        Set<ObjectKey> owned = dependents.remove(object.uid());
        if (owned != null) {
            owned.forEach(this::collectIfOrphaned);
        }
        for (Doc owner : object.ownerReferences()) {
            key(object.namespace(), owner)
                    .ifPresent(key -> find(key)
                            .filter(found -> found.deletionTimestamp().isPresent())
                            .ifPresent(found -> finish(key.kind(), found)));
        }
    }

    void sweep() {
        for (Set<ObjectKey> owned : List.copyOf(dependents.values())) {
            List.copyOf(owned).forEach(key -> {
                if (find(key).isEmpty()) {
                    owned.remove(key);
                } else {
                    collectIfOrphaned(key);
                }
            });
        }
        dependents.values().removeIf(Set::isEmpty);
    }

    private void collectIfOrphaned(ObjectKey key) {
        Optional<KubeObject> object = find(key);
        boolean orphaned = object.filter(o -> o.deletionTimestamp().isEmpty())
                .filter(o -> !o.ownerReferences().isEmpty())
                .filter(o -> o.ownerReferences().stream().noneMatch(owner -> exists(key.namespace(), owner)))
                .isPresent();
        if (orphaned) {
            delete(key, object.get());
        }
    }

    private void delete(ObjectKey key, KubeObject object) {
        try {
            store.delete(key, DeleteOptions.NONE.onlyUid(object.uid()));
        } catch (KubeException e) {
            ignoreGone(e);
        }
    }

    private boolean exists(String namespace, Doc owner) {
        Optional<ObjectKey> key = key(namespace, owner);
        return key.isEmpty()
                || find(key.get())
                        .filter(found -> found.uid().equals(owner.text("uid")))
                        .isPresent();
    }

    /** Where an owner is, empty for one of a kind that is not kept here. */
    private static Optional<ObjectKey> key(String namespace, Doc owner) {
        return Kinds.of(owner.text("apiVersion"), owner.text("kind"))
                .map(kind -> new ObjectKey(kind, kind.namespaced() ? namespace : "", owner.text("name")));
    }

    /** Does what a finalizer of a deleted owner asks for, and takes it away once done. */
    void finish(ResourceKind kind, KubeObject owner) {
        ObjectKey key = new ObjectKey(kind, owner.namespace(), owner.name());
        if (owner.finalizers().contains(GarbageFinalizers.ORPHAN)) {
            owned(owner.uid()).forEach(dependent -> letGo(dependent, owner.uid()));
            removeFinalizer(key, GarbageFinalizers.ORPHAN);
        }
        if (owner.finalizers().contains(GarbageFinalizers.FOREGROUND)) {
            List<ObjectKey> owned = owned(owner.uid());
            owned.forEach(dependent -> find(dependent).ifPresent(object -> delete(dependent, object)));
            if (owned.isEmpty()) {
                removeFinalizer(key, GarbageFinalizers.FOREGROUND);
            }
        }
    }

    private List<ObjectKey> owned(String uid) {
        List<ObjectKey> owned = new ArrayList<>();
        for (ObjectKey key : dependents.getOrDefault(uid, Set.of())) {
            find(key).filter(object -> references(object, uid)).ifPresent(object -> owned.add(key));
        }
        return owned;
    }

    private static boolean references(KubeObject object, String uid) {
        return object.ownerReferences().stream()
                .anyMatch(owner -> owner.text("uid").equals(uid));
    }

    private void letGo(ObjectKey key, String uid) {
        find(key).ifPresent(object -> {
            List<Doc> others = object.ownerReferences().stream()
                    .filter(owner -> !owner.text("uid").equals(uid))
                    .toList();
            update(key, object.with(others, "metadata", "ownerReferences"));
        });
    }

    private void removeFinalizer(ObjectKey key, String finalizer) {
        find(key).ifPresent(object -> {
            List<String> others = object.finalizers().stream()
                    .filter(f -> !f.equals(finalizer))
                    .toList();
            update(key, object.with(others, "metadata", "finalizers"));
        });
    }

    private void update(ObjectKey key, KubeObject object) {
        try {
            store.update(key, "", object, WriteOptions.NONE);
        } catch (KubeException e) {
            ignoreGone(e);
        }
    }

    private Optional<KubeObject> find(ObjectKey key) {
        try {
            return Optional.of(store.get(key));
        } catch (KubeException e) {
            ignoreGone(e);
            return Optional.empty();
        }
    }

    private static void ignoreGone(KubeException e) {
        if (!e.reason().equals(Status.NOT_FOUND) && !e.reason().equals(Status.CONFLICT)) {
            throw e;
        }
    }
}
