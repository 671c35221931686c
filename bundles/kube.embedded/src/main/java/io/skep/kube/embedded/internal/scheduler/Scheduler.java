package io.skep.kube.embedded.internal.scheduler;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WatchEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds pods that say no node to one. Tries when a pod comes, and again when a node or another pod changes in a way that
 * could make room.
 *
 * <p>Makes one thread, {@code edge-scheduler}, to which all state belongs; {@link #deactivate} stops it.
 */
@Component
public final class Scheduler {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final ResourceStore store;
    private final Outcomes outcomes;
    private final ScheduledThreadPoolExecutor thread;
    private final Cluster cluster = new Cluster();
    private final Map<String, KubeObject> waiting = new LinkedHashMap<>();
    private final List<ResourceStore.Watch> watches = new ArrayList<>();
    private int generation;
    private boolean tryAll;

    @Activate
    public Scheduler(@Reference(target = "(kube.store=embedded)") ResourceStore store) {
        this(store, InstantSource.system());
    }

    Scheduler(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.outcomes = new Outcomes(store, clock);
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "edge-scheduler");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        execute(this::begin);
    }

    /** Looks at everything anew; what was heard in between is not known. */
    private void begin() {
        generation++;
        watches.forEach(ResourceStore.Watch::close);
        watches.clear();
        cluster.clear();
        waiting.clear();
        watch(Kinds.NODE);
        watch(Kinds.POD);
    }

    private void watch(ResourceKind kind) {
        int mine = generation;
        watches.add(store.watch(kind, "", ListOptions.ALL, new ResourceStore.Watcher() {
            @Override
            public void event(WatchEvent event) {
                execute(() -> {
                    if (mine == generation) {
                        heard(kind, event);
                    }
                });
            }

            @Override
            public void closed(Status why) {
                execute(() -> {
                    if (mine == generation) {
                        LOG.debug("watch ended, looking at everything anew: reason={}", why.reason());
                        begin();
                    }
                });
            }
        }));
    }

    private void heard(ResourceKind kind, WatchEvent event) {
        boolean gone = event.type() == WatchEvent.Type.DELETED;
        boolean room = false;
        if (kind.equals(Kinds.NODE)) {
            if (gone) {
                cluster.nodeGone(event.object().name());
            } else {
                room = cluster.nodeSeen(event.object());
            }
        } else {
            room = heardOfPod(event.object(), gone);
        }
        if (room) {
            retryAll();
        }
    }

    /** Returns whether that makes room. */
    private boolean heardOfPod(KubeObject pod, boolean gone) {
        String id = pod.namespace() + "/" + pod.name();
        if (gone || PodFacts.isOver(pod)) {
            waiting.remove(id);
            return cluster.podGone(id);
        }
        if (!pod.spec().text("nodeName").isEmpty()) {
            waiting.remove(id);
            cluster.podPlaced(id, PodFacts.of(pod));
        } else if (PodFacts.waits(pod) && !cluster.isPlaced(id, pod.uid())) {
            waiting.put(id, pod);
            place(id);
        } else {
            waiting.remove(id);
        }
        return false;
    }

    /** Many changes at once, as when a node comes back, are one round. */
    private void retryAll() {
        if (!tryAll) {
            tryAll = true;
            execute(() -> {
                tryAll = false;
                List.copyOf(waiting.keySet()).forEach(this::place);
            });
        }
    }

    private void place(String id) {
        KubeObject pod = waiting.get(id);
        if (pod == null) {
            return;
        }
        try {
            Placement placement = Placement.find(pod, cluster);
            if (placement.node().isEmpty()) {
                outcomes.unschedulable(pod, placement.message());
                return;
            }
            String node = placement.node().get();
            waiting.remove(id);
            cluster.podPlaced(id, PodFacts.of(pod).on(node));
            outcomes.bind(pod, node);
            LOG.debug("pod bound: pod={} node={}", id, node);
        } catch (KubeException e) {
            failed(id, pod, e);
        }
    }

    /** What has changed meanwhile is heard of; what could not be written is tried again. */
    private void failed(String id, KubeObject pod, KubeException e) {
        LOG.debug("pod not bound: pod={} reason={} message={}", id, e.reason(), e.getMessage());
        cluster.podGone(id);
        boolean moot = e.reason().equals(Status.CONFLICT) || e.reason().equals(Status.NOT_FOUND);
        if (!moot) {
            waiting.put(id, pod);
            thread.schedule(this::retryAll, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void execute(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.warn("scheduling step failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            // Closing.
        }
    }

    @Deactivate
    public void deactivate() {
        execute(() -> watches.forEach(ResourceStore.Watch::close));
        thread.shutdown();
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
