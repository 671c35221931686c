package io.skep.kube.embedded.internal.control;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.RootCertificate;
import io.skep.kube.api.Status;
import io.skep.kube.api.WatchEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what Kubernetes' controller manager does that an API without it would lack: removes what lost its owner, empties
 * namespaces, gives them their service account and root certificate, forgets old events.
 *
 * <p>Makes one thread, {@code edge-kube-housekeeper}; {@link #close} stops it. It hears of changes as any watcher does,
 * and looks at everything once a minute besides, so that nothing is missed for good.
 */
public final class Housekeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
    private static final Duration ROUND = Duration.ofSeconds(60);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final ResourceStore store;
    private final Owners owners;
    private final Namespaces namespaces;
    private final EventLimits events;
    private final ScheduledThreadPoolExecutor thread;
    private final List<ResourceStore.Watch> watches = new ArrayList<>();

    public Housekeeper(ResourceStore store, InstantSource clock, Duration eventLifetime, int eventLimit) {
        this.store = store;
        this.owners = new Owners(store);
        this.namespaces = new Namespaces(store);
        this.events = new EventLimits(store, clock, eventLifetime, eventLimit);
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "edge-kube-housekeeper");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        for (ResourceKind kind : store.kinds()) {
            if (!kind.equals(Kinds.EVENT)) {
                watch(kind);
            }
        }
        thread.scheduleWithFixedDelay(
                () -> attempt("sweep", this::sweep), ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void watch(ResourceKind kind) {
        ResourceStore.Watch watch = store.watch(kind, "", ListOptions.ALL, new ResourceStore.Watcher() {
            @Override
            public void event(WatchEvent event) {
                changed(kind, event);
            }

            @Override
            public void closed(Status why) {
                execute(() -> watch(kind));
            }
        });
        synchronized (watches) {
            watches.add(watch);
        }
    }

    private void changed(ResourceKind kind, WatchEvent event) {
        KubeObject object = event.object();
        boolean gone = event.type() == WatchEvent.Type.DELETED;
        if (gone) {
            execute(() -> owners.gone(object));
        } else if (!object.ownerReferences().isEmpty()) {
            execute(() -> owners.seen(kind, object));
        }
        if (!gone
                && object.deletionTimestamp().isPresent()
                && !object.finalizers().isEmpty()) {
            execute(() -> owners.finish(kind, object));
        }
        if (kind.equals(Kinds.CONFIG_MAP) && object.name().equals(RootCertificate.CONFIG_MAP)) {
            execute(() -> namespaces.publishedChanged(object.namespace()));
        }
        if (kind.equals(Kinds.SERVICE_ACCOUNT) && gone && object.name().equals("default")) {
            execute(() -> namespaces.accountGone(object.namespace()));
        }
        if (kind.equals(Kinds.NAMESPACE) && !gone) {
            execute(() -> namespaces.changed(object));
        } else if (kind.namespaced() && gone) {
            execute(() -> namespaces.emptied(object.namespace()));
        }
    }

    private void sweep() {
        events.enforce();
        namespaces.sweep();
        owners.sweep();
    }

    /** What verifies the API server's certificate, in PEM: each namespace gets it. */
    public void publish(String rootCertificate) {
        execute(() -> namespaces.publish(rootCertificate));
    }

    /** Does {@code task} on the housekeeper's thread, again and again while the disk can't write. */
    public void soon(Runnable task) {
        execute(task);
    }

    private void execute(Runnable task) {
        try {
            thread.execute(() -> attempt("step", task));
        } catch (RejectedExecutionException e) {
            // Closing.
        }
    }

    /** A step that fails is left to the next round; one that failed for want of a disk is tried again soon. */
    private void attempt(String what, Runnable task) {
        try {
            task.run();
        } catch (KubeException e) {
            LOG.debug("housekeeping put off: what={} reason={} message={}", what, e.reason(), e.getMessage());
            if (e.reason().equals(Status.SERVICE_UNAVAILABLE) && !thread.isShutdown()) {
                retry(task);
            }
        } catch (RuntimeException e) {
            LOG.warn("housekeeping failed, will look again: what={}", what, e);
        }
    }

    private void retry(Runnable task) {
        try {
            thread.schedule(() -> attempt("step", task), RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closing.
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        synchronized (watches) {
            watches.forEach(ResourceStore.Watch::close);
            watches.clear();
        }
        try {
            if (!thread.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
