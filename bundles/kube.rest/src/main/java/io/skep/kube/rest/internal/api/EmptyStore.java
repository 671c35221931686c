package io.skep.kube.rest.internal.api;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.List;

/** Kinds that a client may list although nobody keeps them: there are none of them, and none can be made. */
final class EmptyStore implements ResourceStore {

    /** {@code kubectl cluster-info} fails without it. */
    static final ResourceKind SERVICE = new ResourceKind(
            "", "v1", "Service", "services", "service", true, List.of("svc"), List.of("all"), List.of());

    @Override
    public List<ResourceKind> kinds() {
        return List.of(SERVICE);
    }

    @Override
    public KubeObject get(ObjectKey key) {
        throw new KubeException(Status.notFound(key.kind(), key.name()));
    }

    @Override
    public KubeList list(ResourceKind kind, String namespace, ListOptions options) {
        return new KubeList("1", "", List.of());
    }

    @Override
    public Watch watch(ResourceKind kind, String namespace, ListOptions options, Watcher watcher) {
        return () -> {};
    }

    @Override
    public KubeObject create(ResourceKind kind, String namespace, KubeObject object, WriteOptions options) {
        throw Statuses.methodNotAllowed();
    }

    @Override
    public KubeObject createSub(ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        throw Statuses.methodNotAllowed();
    }

    @Override
    public KubeObject update(ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        throw Statuses.methodNotAllowed();
    }

    @Override
    public KubeObject patch(ObjectKey key, String subresource, Patch patch, WriteOptions options) {
        throw Statuses.methodNotAllowed();
    }

    @Override
    public KubeObject delete(ObjectKey key, DeleteOptions options) {
        throw new KubeException(Status.notFound(key.kind(), key.name()));
    }
}
