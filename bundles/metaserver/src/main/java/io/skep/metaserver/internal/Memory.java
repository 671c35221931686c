package io.skep.metaserver.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.memory.NodeMemory;
import io.skep.core.api.message.ResourceVersions;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's memory as objects of the Kubernetes API: each as the cloud sent it, with the status the node states. Rows are
 * read by one thread, the module's; all else is for any thread.
 */
final class Memory {

    private static final Logger LOG = LoggerFactory.getLogger(Memory.class);
    private static final int PAGE = 100;

    /** The kind whose objects carry these two fields, among those that are served. */
    interface KnownKinds {
        Optional<ResourceKind> of(String apiVersion, String kind);
    }

    private final DocumentStore store;
    private final KnownKinds kinds;
    private final Map<String, Row> rows = new HashMap<>();
    private final Map<ObjectKey, KubeObject> kept = new HashMap<>();
    private final Map<ObjectKey, Doc> stated = new HashMap<>();
    private final TreeMap<ObjectKey, KubeObject> shown = new TreeMap<>(Order.KEYS);
    private final Watches watches;
    private final Removals removals = new Removals();

    /** Rows without an object of a kind that is known; only the module's thread uses it. */
    private final Set<String> notShown = new HashSet<>();

    Memory(DocumentStore store, KnownKinds kinds, Instant opened) {
        this.store = store;
        this.kinds = kinds;
        this.watches = new Watches(opened);
    }

    /** Reads all rows. */
    void load() {
        String after = "";
        while (true) {
            List<Document> page = store.list(NodeMemory.COLLECTION, "", after, PAGE);
            if (page.isEmpty()) {
                return;
            }
            page.forEach(this::take);
            after = page.get(page.size() - 1).key();
        }
    }

    /** Reads rows again that have changed. */
    void refresh(List<String> keys) {
        keys.forEach(key -> store.get(NodeMemory.COLLECTION, key).ifPresentOrElse(this::take, () -> gone(key)));
    }

    /** Reads rows again whose kind is another now; others may be older on disk than what the cloud has said since. */
    void kindsChanged() {
        List<String> again = new ArrayList<>(notShown);
        again.addAll(strangers());
        again.forEach(key -> store.get(NodeMemory.COLLECTION, key).ifPresent(this::take));
    }

    /** Forgets the objects of kinds that are no more or have changed, whose watches have ended; returns their rows. */
    private synchronized List<String> strangers() {
        kept.keySet().removeIf(this::isStrange);
        shown.keySet().removeIf(this::isStrange);
        List<String> found = new ArrayList<>();
        rows.entrySet().removeIf(row -> isStrange(row.getValue().key()) && found.add(row.getKey()));
        return found;
    }

    private boolean isStrange(ObjectKey key) {
        return !kinds.of(key.kind().apiVersion(), key.kind().kind()).equals(Optional.of(key.kind()));
    }

    private void take(Document row) {
        Optional<Row> read = read(row);
        if (read.isPresent()) {
            notShown.remove(row.key());
        } else {
            notShown.add(row.key());
        }
        put(row.key(), read);
    }

    private synchronized void gone(String rowKey) {
        notShown.remove(rowKey);
        removals.add(rowKey);
        put(rowKey, Optional.empty());
    }

    /** What a list said of an object. */
    private void hold(ObjectKey key, KubeObject object) {
        kept.put(key, object);
        rows.putIfAbsent(Row.key(key), new Row.Kept(key, object));
        show(key);
    }

    /** A list lacks it. */
    private void drop(ObjectKey key) {
        removals.add(Row.key(key));
        rows.computeIfPresent(Row.key(key), (at, row) -> Order.isSame(row.key(), key) ? null : row);
        forget(key).forEach(this::show);
    }

    private Optional<Row> read(Document row) {
        try {
            return Row.read(row.key(), row.body(), kinds);
        } catch (EdgeException e) {
            LOG.warn("row is not shown, it cannot be read: key={} reason={}", row.key(), e.getMessage());
            return Optional.empty();
        }
    }

    private synchronized void put(String rowKey, Optional<Row> row) {
        Set<ObjectKey> touched = new TreeSet<>(Order.KEYS);
        Row former = row.isPresent() ? rows.put(rowKey, row.get()) : rows.remove(rowKey);
        if (former instanceof Row.Stated) {
            stated.remove(former.key());
            touched.add(former.key());
        } else if (former != null && row.filter(now -> isLeft(former, now)).isEmpty()) {
            touched.addAll(forget(former.key()));
        }
        row.ifPresent(now -> {
            if (now instanceof Row.Kept object) {
                kept.put(now.key(), object.object());
            } else if (now instanceof Row.Stated patch) {
                stated.put(now.key(), patch.patch());
            }
            touched.add(now.key());
        });
        touched.forEach(this::show);
    }

    /** Whether a former object may be there still: a row has one place for its versions, and for its namesakes of other groups. */
    private boolean isLeft(Row former, Row now) {
        return now instanceof Row.Kept other
                && (!Order.isSame(former.key(), other.key())
                        || uid(former.key()).equals(other.object().uid()));
    }

    private String uid(ObjectKey key) {
        return Optional.ofNullable(kept.get(key)).map(KubeObject::uid).orElse("");
    }

    /** Forgets an object in all versions, which it returns. */
    private List<ObjectKey> forget(ObjectKey key) {
        String uid = uid(key);
        List<ObjectKey> versions = Stream.concat(
                        shown.headMap(key, false).descendingKeySet().stream()
                                .takeWhile(other -> Order.isSame(other, key)),
                        shown.tailMap(key).keySet().stream().takeWhile(other -> Order.isSame(other, key)))
                .filter(other -> uid(other).equals(uid))
                .toList();
        versions.forEach(kept::remove);
        return versions;
    }

    private void show(ObjectKey key) {
        Optional<KubeObject> before = Optional.ofNullable(shown.get(key));
        Optional<KubeObject> now = Optional.ofNullable(kept.get(key))
                .map(object -> stated.containsKey(key) ? OwnStatus.over(object, stated.get(key)) : object);
        if (now.equals(before)) {
            return;
        }
        now.ifPresentOrElse(object -> shown.put(key, object), () -> shown.remove(key));
        boolean another = before.isPresent()
                && now.isPresent()
                && !before.get().uid().equals(now.get().uid());
        if (another) {
            watches.changed(key, before, Optional.empty());
        }
        watches.changed(key, another ? Optional.empty() : before, now);
    }

    synchronized Optional<KubeObject> get(ObjectKey key) {
        return Optional.ofNullable(shown.get(key));
    }

    synchronized KubeList list(Selection selection) {
        return new KubeList(watches.version(), "", matching(selection));
    }

    /**
     * Takes in what the cloud once said there was, for lack of better: of what is known, or has gone since, nothing changes.
     */
    synchronized void recall(Selection selection, KubeList list) {
        for (KubeObject item : list.items()) {
            String rowKey = Row.key(selection.key(item));
            if (!kept.containsKey(selection.key(item)) && !removals.has(rowKey)) {
                hold(selection.key(item), item);
            }
        }
    }

    /** Whether all of these are there. */
    synchronized boolean hasAll(Set<ObjectKey> keys) {
        return shown.keySet().containsAll(keys);
    }

    /** Whether there is any of it. */
    synchronized boolean has(Selection selection) {
        return shown.entrySet().stream().anyMatch(entry -> selection.matches(entry.getKey(), entry.getValue()));
    }

    /** A moment before the cloud is asked, for {@link #agree}. */
    synchronized long moment() {
        return removals.moment();
    }

    /**
     * Takes over what the cloud says there is: what MetaManager was not sent yet, and that other objects are gone. What came
     * or went in the meantime is newer than the list. On disk all of it is MetaManager's business.
     *
     * @param asked {@link #moment} before the cloud was asked
     */
    synchronized void agree(Selection selection, KubeList list, long asked) {
        Set<ObjectKey> there = new HashSet<>();
        for (KubeObject item : list.items()) {
            ObjectKey key = selection.key(item);
            there.add(key);
            KubeObject known = kept.get(key);
            boolean old = known != null
                    && known.uid().equals(item.uid())
                    && !ResourceVersions.isLater(item.resourceVersion(), known.resourceVersion());
            if (!old && !removals.isLater(Row.key(key), asked)) {
                hold(key, item);
            }
        }
        List<ObjectKey> gone = shown.entrySet().stream()
                .filter(entry -> selection.matches(entry.getKey(), entry.getValue()))
                .filter(entry -> !there.contains(entry.getKey()))
                .filter(entry -> !ResourceVersions.isLater(entry.getValue().resourceVersion(), list.resourceVersion()))
                .map(Map.Entry::getKey)
                .toList();
        gone.forEach(this::drop);
    }

    private List<KubeObject> matching(Selection selection) {
        return shown.entrySet().stream()
                .filter(entry -> selection.matches(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getValue)
                .toList();
    }

    synchronized ResourceStore.Watch watch(Selection selection, String since, ResourceStore.Watcher watcher) {
        return watches.begin(selection, since, matching(selection), watcher);
    }

    /** @param told what the watcher knows already */
    synchronized ResourceStore.Watch watch(
            Selection selection, Map<ObjectKey, KubeObject> told, ResourceStore.Watcher watcher) {
        return watches.begin(selection, told, matching(selection), watcher);
    }

    /** The name of this node, {@code ""} before it has stated how it is. */
    synchronized String node() {
        return stated.keySet().stream()
                .filter(key -> key.kind().equals(Kinds.NODE))
                .map(ObjectKey::name)
                .findFirst()
                .orElse("");
    }

    synchronized void end(Status why) {
        watches.end(why);
    }

    synchronized int objects() {
        return shown.size();
    }

    synchronized int watchers() {
        return watches.size();
    }
}
