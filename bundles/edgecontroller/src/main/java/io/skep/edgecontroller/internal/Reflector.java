package io.skep.edgecontroller.internal;

import io.skep.core.api.module.ModuleContext;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WatchEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mirror of one kind, kept by list and watch. All state belongs to the module's thread: lists run in the worker pool,
 * the store's watch threads only hand over.
 *
 * <p>A list never deletes: what it lacks is looked up one by one, and only the store's own {@code NotFound} for that very
 * object takes it out of the mirror.
 */
public final class Reflector {

    /** Hears of changes, on the module's thread. */
    public interface Listener {
        /**
         * An object is new or different.
         *
         * @param listed whether a list said so and not a watch; after the list comes {@link #listed}
         */
        void changed(KubeObject object, Optional<KubeObject> before, boolean listed);

        void deleted(KubeObject last);

        /** A list is in the mirror; who hears it may stop the reflector. */
        void listed();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ModuleContext context;
    private final ResourceStore store;
    private final ResourceKind kind;
    private final String namespace;
    private final Listener listener;
    private final Map<String, KubeObject> mirror = new HashMap<>();
    private Optional<ResourceStore.Watch> watch = Optional.empty();
    private String version = "";
    private Duration pause = FIRST_PAUSE;
    private boolean synced;
    private boolean stopped;
    private int generation;

    /** @param namespace to mirror, {@code ""} for all */
    public Reflector(
            ModuleContext context, ResourceStore store, ResourceKind kind, String namespace, Listener listener) {
        this.context = context;
        this.store = store;
        this.kind = kind;
        this.namespace = namespace;
        this.listener = listener;
    }

    public void start() {
        list();
    }

    public void stop() {
        stopped = true;
        generation++;
        watch.ifPresent(ResourceStore.Watch::close);
        watch = Optional.empty();
    }

    /** Whether a first list is in. */
    public boolean synced() {
        return synced;
    }

    ResourceKind kind() {
        return kind;
    }

    Optional<KubeObject> get(String objectNamespace, String name) {
        return Optional.ofNullable(mirror.get(objectNamespace + "/" + name));
    }

    /** Everything in the mirror, live view. */
    public Collection<KubeObject> objects() {
        return mirror.values();
    }

    private void list() {
        int mine = ++generation;
        context.work(workKey(), () -> store.list(kind, namespace, ListOptions.ALL), (list, failure) -> {
            if (stopped || mine != generation) {
                return;
            }
            if (failure != null) {
                retry("list failed", failure, this::list);
            } else {
                take(list);
                pause = FIRST_PAUSE;
                watch();
            }
        });
    }

    private void take(KubeList list) {
        Set<String> missing = new HashSet<>(mirror.keySet());
        for (KubeObject object : list.items()) {
            missing.remove(id(object));
            put(object, true);
        }
        version = list.resourceVersion();
        synced = true;
        for (String id : missing) {
            confirmGone(mirror.get(id));
        }
        listener.listed();
    }

    private void confirmGone(KubeObject object) {
        ObjectKey key = new ObjectKey(kind, object.namespace(), object.name());
        context.work(workKey(), () -> lookUp(store, key), (found, failure) -> {
            if (stopped || failure != null || mirror.get(id(object)) != object) {
                return;
            }
            if (found.isPresent()) {
                put(found.get(), false);
            } else {
                mirror.remove(id(object));
                listener.deleted(object);
            }
        });
    }

    /** The object, or empty when the store says there is none; any other failure is thrown. */
    static Optional<KubeObject> lookUp(ResourceStore store, ObjectKey key) {
        try {
            return Optional.of(store.get(key));
        } catch (KubeException e) {
            if (Status.NOT_FOUND.equals(e.reason())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void watch() {
        if (stopped) {
            return;
        }
        int mine = ++generation;
        ListOptions options = ListOptions.ALL.since(version);
        ResourceStore.Watcher watcher = new ResourceStore.Watcher() {
            @Override
            public void event(WatchEvent event) {
                context.execute(() -> {
                    if (mine == generation) {
                        Reflector.this.event(event);
                    }
                });
            }

            @Override
            public void closed(Status why) {
                context.execute(() -> {
                    if (mine == generation) {
                        ended(why);
                    }
                });
            }
        };
        context.work(workKey(), () -> store.watch(kind, namespace, options, watcher), (opened, failure) -> {
            if (failure instanceof KubeException e && mine == generation) {
                ended(e.status());
            } else if (failure != null && mine == generation) {
                retry("watch failed", failure, this::watch);
            } else if (failure == null && mine == generation) {
                watch = Optional.of(opened);
            } else if (failure == null) {
                opened.close();
            }
        });
    }

    private void event(WatchEvent event) {
        pause = FIRST_PAUSE;
        KubeObject object = event.object();
        version = object.resourceVersion();
        switch (event.type()) {
            case ADDED, MODIFIED -> put(object, false);
            case DELETED -> {
                mirror.remove(id(object));
                listener.deleted(object);
            }
            case BOOKMARK -> {}
        }
    }

    private void ended(Status why) {
        watch.ifPresent(ResourceStore.Watch::close);
        watch = Optional.empty();
        if (Status.EXPIRED.equals(why.reason())) {
            LOG.info("watch expired, listing again: kind={}", kind.kind());
            list();
        } else {
            retry("watch ended", new KubeException(why), this::watch);
        }
    }

    private void retry(String what, Exception why, Runnable again) {
        int mine = ++generation;
        if (pause.equals(FIRST_PAUSE)) {
            LOG.warn("{}, retrying: kind={} reason={}", what, kind.kind(), why.getMessage());
        }
        context.after(pause, () -> {
            if (!stopped && mine == generation) {
                again.run();
            }
        });
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }

    private void put(KubeObject object, boolean listed) {
        KubeObject typed = object.typed(kind);
        KubeObject before = mirror.put(id(typed), typed);
        if (before != null
                && before.uid().equals(typed.uid())
                && before.resourceVersion().equals(typed.resourceVersion())) {
            return;
        }
        if (before != null && !before.uid().equals(typed.uid())) {
            listener.deleted(before);
            before = null;
        }
        listener.changed(typed, Optional.ofNullable(before), listed);
    }

    /** One reader per kind at a time, beside the writers of single objects. */
    private String workKey() {
        return "reflect/" + kind.qualifiedPlural();
    }

    private static String id(KubeObject object) {
        return object.namespace() + "/" + object.name();
    }
}
