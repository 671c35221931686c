package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import io.skep.kube.api.WatchEvent;
import io.skep.kube.api.WriteOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What watchers see, and for how long they may be away. */
class EmbeddedWatchTest extends EmbeddedStoreTest {

    @Test
    void watchResumesAfterARestartOnlyFromTheLastVersion() {
        String before = create("a").resourceVersion();
        String last = create("b").resourceVersion();

        reopen();
        RecordingWatcher watcher = new RecordingWatcher();
        ResourceStore.Watch watch = store.watch(Kinds.CONFIG_MAP, NS, ListOptions.ALL.since(last), watcher);
        create("c");

        assertThat(watcher.nextLine()).isEqualTo("ADDED c");
        watch.close();
        assertStatus(
                () -> store.watch(Kinds.CONFIG_MAP, NS, ListOptions.ALL.since(before), watcher),
                410,
                "too old resource version: " + before);
    }

    // A client that knows more than we do has seen a database that was lost: it must list anew.
    @Test
    void watchFromTheFutureIsExpired() {
        assertStatus(
                () -> store.watch(Kinds.CONFIG_MAP, NS, ListOptions.ALL.since("999999"), new RecordingWatcher()),
                410,
                "too old resource version");
    }

    @Test
    void historyIsBounded() {
        KubeObject map = create("a");
        for (int i = 1; i <= 5; i++) {
            set(map, Integer.toString(i));
        }

        assertStatus(
                () -> store.watch(
                        Kinds.CONFIG_MAP, NS, ListOptions.ALL.since(map.resourceVersion()), new RecordingWatcher()),
                410,
                "too old");
    }

    @Test
    void objectThatStopsMatchingIsDeletedToTheWatcher() {
        RecordingWatcher watcher = new RecordingWatcher();
        ResourceStore.Watch watch =
                store.watch(Kinds.CONFIG_MAP, NS, ListOptions.ALL.withLabels(Selector.equalTo("app", "x")), watcher);

        KubeObject map = create(NS, Map.of("name", "a", "labels", Map.of("app", "x")), Map.of());
        KubeObject other = store.update(
                key(Kinds.CONFIG_MAP, "a"), "", map.with("y", "metadata", "labels", "app"), WriteOptions.NONE);
        store.update(key(Kinds.CONFIG_MAP, "a"), "", other.with("x", "metadata", "labels", "app"), WriteOptions.NONE);

        assertThat(List.of(watcher.nextLine(), watcher.nextLine(), watcher.nextLine()))
                .containsExactly("ADDED a", "DELETED a", "ADDED a");
        watch.close();
    }

    @Test
    void slowWatcherIsCutOffAndWritersGoOn() {
        CountDownLatch release = new CountDownLatch(1);
        RecordingWatcher ends = new RecordingWatcher();
        ResourceStore.Watcher slow = new ResourceStore.Watcher() {
            @Override
            public void event(WatchEvent event) {
                try {
                    release.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void closed(Status why) {
                ends.closed(why);
            }
        };
        store.watch(Kinds.CONFIG_MAP, NS, ListOptions.ALL, slow);
        KubeObject map = create("a");

        for (int i = 0; i < 210; i++) {
            set(map, "v" + i);
        }
        release.countDown();

        assertThat(ends.end().reason()).isEqualTo(Status.EXPIRED);
    }
}
