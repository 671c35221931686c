package io.skep.kube.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where Kubernetes objects are kept, in the API server's own verbs: embedded on a document store, a real cluster, or a
 * node's memory. Thread-safe; calls may block on disk or network; failures are a {@link KubeException} whose status is
 * what a client is to be sent.
 *
 * <p>Source: Kubernetes API conventions ({@code sig-architecture/api-conventions.md}), API concepts (list/watch).
 */
@ProviderType
public interface ResourceStore {

    /** The kinds kept here now, for discovery. */
    List<ResourceKind> kinds();

    KubeObject get(ObjectKey key);

    /** Objects of one kind. {@code namespace} {@code ""} means all. */
    KubeList list(ResourceKind kind, String namespace, ListOptions options);

    /**
     * Watches one kind. Events come in order of resource version, on the store's threads; a watcher must not block.
     *
     * @param options without resource version, or with {@code "0"}: first everything there is as {@code ADDED}; with one:
     *     every later event, or {@code Expired} (410) when the history does not reach back
     */
    Watch watch(ResourceKind kind, String namespace, ListOptions options, Watcher watcher);

    /** Creates; {@code metadata.generateName} is honoured. */
    KubeObject create(ResourceKind kind, String namespace, KubeObject object, WriteOptions options);

    /**
     * Creates through a subresource: {@code binding}, {@code eviction}, {@code token}.
     *
     * @return what the subresource answers, not the object itself
     */
    KubeObject createSub(ObjectKey key, String subresource, KubeObject object, WriteOptions options);

    /**
     * Replaces. {@code subresource} {@code ""} is the object itself; {@code status} changes the status alone. A resource
     * version in the object must be the current one, else {@code Conflict}.
     */
    KubeObject update(ObjectKey key, String subresource, KubeObject object, WriteOptions options);

    /** Patches, with {@code subresource} as in {@link #update}. */
    KubeObject patch(ObjectKey key, String subresource, Patch patch, WriteOptions options);

    /** Deletes, or marks for deletion while a grace period or finalizers hold it. Returns the object as it then is. */
    KubeObject delete(ObjectKey key, DeleteOptions options);

    /** Gives what {@link #watch} began back. */
    interface Watch extends AutoCloseable {
        /** Ends the watch; no call reaches the watcher afterwards but one that is under way. */
        @Override
        void close();
    }

    /** Takes events. */
    interface Watcher {
        void event(WatchEvent event);

        /** The watch ended by itself; start anew, with a list if the status says {@code Expired}. */
        void closed(Status why);
    }
}
