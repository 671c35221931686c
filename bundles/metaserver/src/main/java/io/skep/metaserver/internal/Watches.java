package io.skep.metaserver.internal;

import io.skep.core.api.message.ResourceVersions;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WatchEvent;
import io.skep.kube.api.WatchEvent.Type;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * The node's own versions, the last changes, and who watches. A version counts this node's changes from the time the store
 * was opened in ms, so that one of a former life lies before all that is remembered now. It is that of lists; an object
 * keeps the version the cloud gave it, which a write will be checked against.
 *
 * <p>Not thread-safe: {@link Memory} calls it under its lock, watchers included.
 */
final class Watches {

    /** Enough for the moment between a list and its watch. */
    static final int REMEMBERED = 128;

    /** @param before, after the object then; one of them may be missing */
    private record Change(long version, ObjectKey key, Optional<KubeObject> before, Optional<KubeObject> after) {

        /** What it is to somebody who sees the selected objects only. */
        Optional<WatchEvent> seenBy(Selection selection) {
            Optional<KubeObject> old = before.filter(object -> selection.matches(key, object));
            Optional<KubeObject> now = after.filter(object -> selection.matches(key, object));
            if (now.isEmpty()) {
                return old.map(object -> new WatchEvent(Type.DELETED, after.orElse(object)));
            }
            return now.map(object -> new WatchEvent(old.isEmpty() ? Type.ADDED : Type.MODIFIED, object));
        }
    }

    private record Watching(Selection selection, ResourceStore.Watcher watcher) {

        void tell(Change change) {
            change.seenBy(selection).ifPresent(watcher::event);
        }
    }

    private final List<Watching> watching = new CopyOnWriteArrayList<>();
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private long version;
    private long oldest;

    Watches(Instant opened) {
        version = opened.toEpochMilli();
        oldest = version;
    }

    String version() {
        return Long.toString(version);
    }

    int size() {
        return watching.size();
    }

    void changed(ObjectKey key, Optional<KubeObject> before, Optional<KubeObject> after) {
        Change change = new Change(++version, key, before, after);
        changes.add(change);
        if (changes.size() > REMEMBERED) {
            oldest = changes.poll().version();
        }
        watching.forEach(one -> one.tell(change));
    }

    /** @param since the version to go on from, or {@code ""} or {@code "0"} for everything there is */
    ResourceStore.Watch begin(
            Selection selection, String since, List<KubeObject> there, ResourceStore.Watcher watcher) {
        if (since.isEmpty() || "0".equals(since)) {
            return begin(selection, Map.of(), there, watcher);
        }
        Watching one = new Watching(selection, watcher);
        later(since).forEach(one::tell);
        return begun(one);
    }

    /** @param told what the watcher knows already, by its identity */
    ResourceStore.Watch begin(
            Selection selection,
            Map<ObjectKey, KubeObject> told,
            List<KubeObject> there,
            ResourceStore.Watcher watcher) {
        Map<ObjectKey, KubeObject> gone = new HashMap<>(told);
        for (KubeObject object : there) {
            Optional<KubeObject> known = Optional.ofNullable(gone.remove(selection.key(object)));
            known.filter(old -> !old.uid().equals(object.uid()))
                    .ifPresent(old -> watcher.event(new WatchEvent(Type.DELETED, old)));
            Optional<KubeObject> before = known.filter(old -> old.uid().equals(object.uid()));
            if (before.isEmpty()
                    || ResourceVersions.isLater(
                            object.resourceVersion(), before.get().resourceVersion())) {
                watcher.event(new WatchEvent(before.isEmpty() ? Type.ADDED : Type.MODIFIED, object));
            }
        }
        gone.values().forEach(old -> watcher.event(new WatchEvent(Type.DELETED, old)));
        return begun(new Watching(selection, watcher));
    }

    private ResourceStore.Watch begun(Watching one) {
        watching.add(one);
        return () -> watching.remove(one);
    }

    private List<Change> later(String since) {
        long from;
        try {
            from = Long.parseLong(since);
        } catch (NumberFormatException e) {
            throw new KubeException(
                    Status.of(Status.BAD_REQUEST, 400, "resourceVersion: Invalid value: \"" + since + "\""), e);
        }
        if (from < oldest || from > version) {
            throw expired(since);
        }
        return changes.stream().filter(change -> change.version() > from).collect(Collectors.toList());
    }

    static KubeException expired(String since) {
        return new KubeException(Status.of(Status.EXPIRED, 410, "too old resource version: " + since));
    }

    void end(Status why) {
        List<Watching> ending = List.copyOf(watching);
        watching.clear();
        ending.forEach(one -> one.watcher().closed(why));
    }
}
