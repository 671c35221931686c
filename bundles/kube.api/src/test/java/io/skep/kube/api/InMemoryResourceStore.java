package io.skep.kube.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A {@link ResourceStore} that behaves, without a disk: resource versions, conflicts, uid preconditions, graceful deletion,
 * watches that resume, the status subresource, merge and strategic merge patches as far as pods and nodes need them.
 *
 * <p>Watchers are called on the writer's thread, inside its call. {@link #expireHistory}, {@link #failLists},
 * {@link #hideFromLists} and {@link #closeWatches} make the bad days.
 */
public final class InMemoryResourceStore implements ResourceStore {

    private record Change(long version, WatchEvent event, ObjectKey key) {}

    private final class Watching implements Watch {
        private final ResourceKind kind;
        private final String namespace;
        private final ListOptions options;
        private final Watcher watcher;

        Watching(ResourceKind kind, String namespace, ListOptions options, Watcher watcher) {
            this.kind = kind;
            this.namespace = namespace;
            this.options = options;
            this.watcher = watcher;
        }

        void offer(Change change) {
            if (change.key().kind().equals(kind)
                    && (namespace.isEmpty() || namespace.equals(change.key().namespace()))
                    && matches(change.event().object(), options)) {
                watcher.event(change.event());
            }
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }

    private final List<ResourceKind> kinds;
    private final TreeMap<String, KubeObject> objects = new TreeMap<>();
    private final List<Change> history = new ArrayList<>();
    private final List<Watching> watches = new CopyOnWriteArrayList<>();
    private long version = 100;
    private long historyFrom = 100;
    private boolean listsFail;
    private boolean listsAreEmpty;

    /** A store of the kinds Skep speaks of. */
    public InMemoryResourceStore() {
        this(Kinds.ALL);
    }

    public InMemoryResourceStore(List<ResourceKind> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    /** Forgets the history: a watch that would resume below is told {@code Expired}, as after a compaction. */
    public synchronized void expireHistory() {
        history.clear();
        historyFrom = version + 1;
        version++;
    }

    /** Makes lists fail with {@code ServiceUnavailable}, or work again. */
    public synchronized void failLists(boolean value) {
        listsFail = value;
    }

    /** Makes lists come back empty, as a broken cache in between might answer, or tell the truth again. */
    public synchronized void hideFromLists(boolean value) {
        listsAreEmpty = value;
    }

    /** Ends all watches from the store's side. */
    public void closeWatches(Status why) {
        for (Watching watching : List.copyOf(watches)) {
            watches.remove(watching);
            watching.watcher.closed(why);
        }
    }

    @Override
    public List<ResourceKind> kinds() {
        return kinds;
    }

    @Override
    public synchronized KubeObject get(ObjectKey key) {
        return existing(key);
    }

    @Override
    public synchronized KubeList list(ResourceKind kind, String namespace, ListOptions options) {
        known(kind);
        if (listsFail) {
            throw new KubeException(Status.of(Status.SERVICE_UNAVAILABLE, 503, "the store is away"));
        }
        List<KubeObject> found = listsAreEmpty ? List.of() : matching(kind, namespace, options);
        return new KubeList(Long.toString(version), "", found);
    }

    private List<KubeObject> matching(ResourceKind kind, String namespace, ListOptions options) {
        String prefix = namespace.isEmpty() ? kind.qualifiedPlural() + "\u0000" : id(kind, namespace, "");
        return objects.tailMap(prefix).entrySet().stream()
                .takeWhile(e -> e.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .filter(o -> matches(o, options))
                .toList();
    }

    private static boolean matches(KubeObject object, ListOptions options) {
        Map<String, String> labels = object.labels();
        return options.labels().matches(labels::get)
                && options.fields().matches(path -> object.doc().text(path.split("\\.")));
    }

    @Override
    public Watch watch(ResourceKind kind, String namespace, ListOptions options, Watcher watcher) {
        Watching watching = new Watching(kind, namespace, options, watcher);
        boolean expired = false;
        synchronized (this) {
            known(kind);
            String since = options.resourceVersion();
            if (since.isEmpty() || since.equals("0")) {
                matching(kind, namespace, options)
                        .forEach(o -> watcher.event(new WatchEvent(WatchEvent.Type.ADDED, o)));
                watches.add(watching);
            } else if (Long.parseLong(since) < historyFrom) {
                expired = true;
            } else {
                long from = Long.parseLong(since);
                history.stream().filter(c -> c.version() > from).forEach(watching::offer);
                watches.add(watching);
            }
        }
        if (expired) {
            watcher.closed(Status.of(Status.EXPIRED, 410, "too old resource version: " + options.resourceVersion()));
        }
        return watching;
    }

    @Override
    public synchronized KubeObject create(
            ResourceKind kind, String namespace, KubeObject object, WriteOptions options) {
        known(kind);
        String name = object.name().isEmpty()
                ? object.doc().text("metadata", "generateName")
                        + UUID.randomUUID().toString().substring(0, 5)
                : object.name();
        ObjectKey key = new ObjectKey(kind, kind.namespaced() ? namespace : "", name);
        if (objects.containsKey(id(key))) {
            throw new KubeException(Status.alreadyExists(kind, name));
        }
        KubeObject made = object.with(name, "metadata", "name")
                .with(UUID.randomUUID().toString(), "metadata", "uid")
                .with(Times.format(Instant.now()), "metadata", "creationTimestamp");
        made = kind.namespaced() ? made.with(namespace, "metadata", "namespace") : made;
        return store(key, WatchEvent.Type.ADDED, made, options);
    }

    @Override
    public synchronized KubeObject createSub(
            ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        existing(key);
        if (!subresource.equals("token")) {
            throw new KubeException(Status.of(Status.NOT_FOUND, 404, "the server could not find " + subresource));
        }
        String expires =
                Times.format(Instant.now().plusSeconds(object.doc().number(3600, "spec", "expirationSeconds")));
        return object.with(Map.of("token", "token-of-" + key.name(), "expirationTimestamp", expires), "status");
    }

    @Override
    public KubeObject update(ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        return change(key, subresource, options, old -> {
            checkVersion(key, old, object.resourceVersion());
            return object;
        });
    }

    @Override
    public KubeObject patch(ObjectKey key, String subresource, Patch patch, WriteOptions options) {
        Map<String, Object> body = JsonTree.parse(patch.body());
        boolean byKey = switch (patch.type()) {
            case MERGE -> false;
            case STRATEGIC_MERGE -> true;
            case JSON, APPLY ->
                throw new KubeException(Status.of(Status.UNSUPPORTED_MEDIA_TYPE, 415, patch.type() + " is not faked"));
        };
        return change(key, subresource, options, old -> {
            KubeObject merged = KubeObject.of(JsonTree.merge(old.doc().asMap(), body, byKey));
            if (!merged.uid().equals(old.uid())) {
                throw new KubeException(Status.conflict(key.kind(), key.name(), "Precondition failed: UID differs"));
            }
            checkVersion(key, old, merged.resourceVersion());
            return merged;
        });
    }

    private static void checkVersion(ObjectKey key, KubeObject old, String wanted) {
        if (!wanted.isEmpty() && !wanted.equals(old.resourceVersion())) {
            throw new KubeException(Status.conflict(
                    key.kind(),
                    key.name(),
                    "the object has been modified; please apply your changes to the latest version and try again"));
        }
    }

    private synchronized KubeObject change(
            ObjectKey key, String subresource, WriteOptions options, UnaryOperator<KubeObject> edit) {
        KubeObject old = existing(key);
        KubeObject edited = edit.apply(old);
        KubeObject next;
        if (subresource.equals("status")) {
            next = old.with(edited.doc().at("status").orElse(Map.of()), "status");
        } else if (key.kind().subresources().contains("status")) {
            next = old.doc().has("status")
                    ? edited.with(old.doc().object("status"), "status")
                    : edited.without("status");
        } else {
            next = edited;
        }
        for (String fixed : List.of("uid", "creationTimestamp", "name", "namespace")) {
            String value = old.doc().text("metadata", fixed);
            next = value.isEmpty() ? next : next.with(value, "metadata", fixed);
        }
        next = next.with(old.resourceVersion(), "metadata", "resourceVersion");
        if (next.doc().equals(old.doc())) {
            return old;
        }
        if (next.deletionTimestamp().isPresent()
                && next.finalizers().isEmpty()
                && !old.finalizers().isEmpty()) {
            return remove(key, next);
        }
        return store(key, WatchEvent.Type.MODIFIED, next, options);
    }

    @Override
    public synchronized KubeObject delete(ObjectKey key, DeleteOptions options) {
        KubeObject old = existing(key);
        if (!options.uid().isEmpty() && !options.uid().equals(old.uid())) {
            throw new KubeException(Status.conflict(
                    key.kind(),
                    key.name(),
                    "Precondition failed: UID in precondition: " + options.uid() + ", UID in object meta: "
                            + old.uid()));
        }
        long grace = grace(key, old, options.gracePeriodSeconds());
        if (grace == 0 && old.finalizers().isEmpty()) {
            return remove(key, old);
        }
        long before = old.doc().number(0, "metadata", "deletionGracePeriodSeconds");
        if (old.deletionTimestamp().isPresent() && (options.gracePeriodSeconds().isEmpty() || grace >= before)) {
            return old;
        }
        KubeObject marked = old.with(Times.format(Instant.now().plusSeconds(grace)), "metadata", "deletionTimestamp")
                .with(grace, "metadata", "deletionGracePeriodSeconds");
        return store(key, WatchEvent.Type.MODIFIED, marked, WriteOptions.NONE);
    }

    private static long grace(ObjectKey key, KubeObject object, OptionalLong asked) {
        if (!key.kind().equals(Kinds.POD) || object.spec().text("nodeName").isEmpty()) {
            return 0;
        }
        return asked.orElse(object.spec().number(30, "terminationGracePeriodSeconds"));
    }

    private KubeObject remove(ObjectKey key, KubeObject old) {
        version++;
        KubeObject last = old.with(Long.toString(version), "metadata", "resourceVersion");
        objects.remove(id(key));
        announce(new Change(version, new WatchEvent(WatchEvent.Type.DELETED, last), key));
        return last;
    }

    private KubeObject store(ObjectKey key, WatchEvent.Type type, KubeObject object, WriteOptions options) {
        KubeObject typed = object.with(key.kind().apiVersion(), "apiVersion")
                .with(key.kind().kind(), "kind");
        if (options.dryRun()) {
            return typed;
        }
        version++;
        KubeObject stored = typed.with(Long.toString(version), "metadata", "resourceVersion");
        objects.put(id(key), stored);
        announce(new Change(version, new WatchEvent(type, stored), key));
        return stored;
    }

    private void announce(Change change) {
        history.add(change);
        watches.forEach(w -> w.offer(change));
    }

    private KubeObject existing(ObjectKey key) {
        known(key.kind());
        KubeObject object = objects.get(id(key));
        if (object == null) {
            throw new KubeException(Status.notFound(key.kind(), key.name()));
        }
        return object;
    }

    private void known(ResourceKind kind) {
        if (!Set.copyOf(kinds).contains(kind)) {
            throw new KubeException(
                    Status.of(Status.NOT_FOUND, 404, "the server could not find the requested resource"));
        }
    }

    private static String id(ObjectKey key) {
        return id(key.kind(), key.namespace(), key.name());
    }

    private static String id(ResourceKind kind, String namespace, String name) {
        return kind.qualifiedPlural() + "\u0000" + namespace + "\u0000" + name;
    }

    /** A document of fields for tests: {@code tree("a", 1, "b", tree("c", 2))}. */
    public static Map<String, Object> tree(Object... keysAndValues) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            tree.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return tree;
    }
}
