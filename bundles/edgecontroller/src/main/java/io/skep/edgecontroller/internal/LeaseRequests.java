package io.skep.edgecontroller.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.List;
import java.util.Map;

/** Leases of nodes. Worker threads; blocks on the store. */
final class LeaseRequests {

    private final ResourceStore store;

    LeaseRequests(ResourceStore store) {
        this.store = store;
    }

    Reply create(UpstreamRequest request) {
        ObjectKey key = own(request);
        KubeObject lease = lease(request, key).without("metadata", "resourceVersion");
        try {
            return Reply.of(store.create(Kinds.LEASE, key.namespace(), lease, WriteOptions.NONE));
        } catch (KubeException e) {
            if (!Status.NOT_FOUND.equals(e.reason()) || !makeNamespace(key.namespace())) {
                throw e;
            }
            return Reply.of(store.create(Kinds.LEASE, key.namespace(), lease, WriteOptions.NONE));
        }
    }

    /** A cluster has the namespace of the leases from its first minute; a young store may not. */
    private boolean makeNamespace(String name) {
        ObjectKey key = ObjectKey.of(Kinds.NAMESPACE, name);
        if (!name.equals("kube-node-lease") || Reflector.lookUp(store, key).isPresent()) {
            return false;
        }
        KubeObject namespace = KubeObject.of(Map.of("metadata", Map.of("name", name)));
        store.create(Kinds.NAMESPACE, "", namespace, WriteOptions.NONE);
        return true;
    }

    Reply update(UpstreamRequest request) {
        ObjectKey key = own(request);
        return Reply.of(store.update(key, "", lease(request, key), WriteOptions.NONE));
    }

    Reply query(UpstreamRequest request) {
        return Reply.of(store.get(request.key(Kinds.LEASE)));
    }

    private static ObjectKey own(UpstreamRequest request) {
        ObjectKey key = request.key(Kinds.LEASE);
        request.mustBeOwn(key.name());
        return key;
    }

    /** A node that isn't registered yet names an owner without uid; such a lease would be collected as an orphan. */
    private static KubeObject lease(UpstreamRequest request, ObjectKey key) {
        KubeObject lease = new KubeObject(Json.object(request.content()))
                .with(key.name(), "metadata", "name")
                .with(key.namespace(), "metadata", "namespace");
        for (Doc owner : lease.ownerReferences()) {
            if (owner.text("uid").isEmpty()) {
                Status.Cause cause = new Status.Cause(
                        "FieldValueInvalid",
                        "metadata.ownerReferences.uid",
                        "Invalid value: \"\": uid must not be empty");
                throw new KubeException(Status.invalid(Kinds.LEASE, key.name(), List.of(cause)));
            }
        }
        return lease;
    }
}
