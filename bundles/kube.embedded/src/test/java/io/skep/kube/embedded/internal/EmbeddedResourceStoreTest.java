package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import io.skep.kube.api.WatchEvent;
import io.skep.kube.api.WriteOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedResourceStoreTest {

    private static final String NS = "default";

    private final TestStores stores =
            new TestStores().with(new EmbeddedSettings(4, 200, 1 << 20, Duration.ofHours(1), 100));
    private ResourceStore store = stores.open();

    @AfterEach
    void close() {
        stores.disk().failWrites(false);
        stores.close();
    }

    private KubeObject create(String name) {
        return create(NS, Map.of("name", name), Map.of("n", "0"));
    }

    private KubeObject create(String namespace, Map<String, Object> metadata, Map<String, String> data) {
        return store.create(
                Kinds.CONFIG_MAP,
                namespace,
                KubeObject.of(Map.of("metadata", metadata, "data", data)),
                WriteOptions.NONE);
    }

    private KubeObject set(KubeObject map, String value) {
        return store.update(
                key(Kinds.CONFIG_MAP, map.name()),
                "",
                map.with(value, "data", "n").without("metadata", "resourceVersion"),
                WriteOptions.NONE);
    }

    private static ObjectKey key(ResourceKind kind, String name) {
        return new ObjectKey(kind, kind.namespaced() ? NS : "", name);
    }

    private static void assertStatus(ThrowingCallable call, int code, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(KubeException.class, e -> {
            assertThat(e.status().code()).isEqualTo(code);
            assertThat(e.getMessage()).contains(message);
        });
    }

    private void assertGone(ResourceKind kind, String name) {
        assertStatus(() -> store.get(key(kind, name)), 404, "not found");
    }

    private void reopen() {
        stores.close();
        store = stores.open();
    }

    @Test
    void restartKeepsObjectsAndNeverRepeatsAVersion() {
        KubeObject first = create("a");
        create("b");
        store.delete(key(Kinds.CONFIG_MAP, "b"), DeleteOptions.NONE);
        long last =
                Long.parseLong(store.list(Kinds.CONFIG_MAP, NS, ListOptions.ALL).resourceVersion());

        reopen();

        assertThat(store.get(key(Kinds.CONFIG_MAP, "a"))).isEqualTo(first);
        assertThat(Long.parseLong(create("c").resourceVersion())).isGreaterThan(last);
    }

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

    @Test
    void pagesShowTheMomentOfTheFirst() {
        create("a");
        create("b");
        create("c");
        ListOptions two = new ListOptions(Selector.ALL, Selector.ALL, "", 2, "", false);

        KubeList first = store.list(Kinds.CONFIG_MAP, NS, two);
        store.delete(key(Kinds.CONFIG_MAP, "c"), DeleteOptions.NONE);
        KubeList second = store.list(
                Kinds.CONFIG_MAP, NS, new ListOptions(Selector.ALL, Selector.ALL, "", 2, first.continueToken(), false));

        assertThat(first.items()).extracting(KubeObject::name).containsExactly("a", "b");
        assertThat(second.items()).extracting(KubeObject::name).containsExactly("c");
        assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
        assertThat(second.continueToken()).isEmpty();
        assertStatus(
                () -> store.list(
                        Kinds.CONFIG_MAP, NS, new ListOptions(Selector.ALL, Selector.ALL, "", 2, "gone", false)),
                410,
                "continue parameter is too old");
    }

    @Test
    void unknownFieldSelectorIsRefused() {
        assertStatus(
                () -> store.list(Kinds.POD, NS, ListOptions.ALL.withFields(Selector.equalTo("spec.mood", "x"))),
                400,
                "field label not supported: spec.mood");
    }

    @Test
    void fullDiskRefusesTheWriteAndLosesNothing() {
        KubeObject map = create("a");
        stores.disk().failWrites(true);

        assertStatus(() -> set(map, "1"), 503, "not stored");
        assertStatus(() -> create("b"), 503, "not stored");
        assertThat(store.get(key(Kinds.CONFIG_MAP, "a"))).isEqualTo(map);

        stores.disk().failWrites(false);
        assertThat(set(map, "1").doc().text("data", "n")).isEqualTo("1");
        assertThat(create("b").name()).isEqualTo("b");
    }

    @Test
    void storeThatStartsOnAFullDiskCatchesUp() {
        TestStores late = new TestStores();
        late.disk().failWrites(true);
        ResourceStore opened = late.open();
        RecordingWatcher watcher = new RecordingWatcher();
        opened.watch(
                Kinds.NAMESPACE, "", ListOptions.ALL.withFields(Selector.equalTo("metadata.name", "default")), watcher);

        late.disk().failWrites(false);

        assertThat(watcher.nextLine()).isEqualTo("ADDED default");
        late.close();
    }

    @Test
    void racingWritersLoseNothing() throws Exception {
        KubeObject map = create("a");
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(Kinds.CONFIG_MAP, NS, ListOptions.ALL, watcher);
        ExecutorService writers = Executors.newFixedThreadPool(4);

        List<Future<?>> done = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            done.add(writers.submit(() -> {
                for (int i = 0; i < 25; i++) {
                    increment(map.name());
                }
            }));
        }
        for (Future<?> one : done) {
            one.get(30, TimeUnit.SECONDS);
        }
        writers.shutdown();

        assertThat(store.get(key(Kinds.CONFIG_MAP, "a")).doc().text("data", "n"))
                .isEqualTo("100");
        long version = 0;
        KubeObject seen = watcher.next().object();
        while (!seen.doc().text("data", "n").equals("100")) {
            assertThat(Long.parseLong(seen.resourceVersion())).isGreaterThan(version);
            version = Long.parseLong(seen.resourceVersion());
            seen = watcher.next().object();
        }
    }

    private void increment(String name) {
        while (true) {
            KubeObject before = store.get(key(Kinds.CONFIG_MAP, name));
            int n = Integer.parseInt(before.doc().text("data", "n"));
            try {
                store.update(
                        key(Kinds.CONFIG_MAP, name),
                        "",
                        before.with(Integer.toString(n + 1), "data", "n"),
                        WriteOptions.NONE);
                return;
            } catch (KubeException e) {
                assertThat(e.reason()).isEqualTo(Status.CONFLICT);
            }
        }
    }

    @Test
    void writeThatChangesNothingKeepsTheVersion() {
        KubeObject map = create("a");

        assertThat(set(map, "0").resourceVersion()).isEqualTo(map.resourceVersion());
    }

    @Test
    void dryRunChangesNothing() {
        WriteOptions dry = new WriteOptions(true, "", false);

        KubeObject shown =
                store.create(Kinds.CONFIG_MAP, NS, KubeObject.of(Map.of("metadata", Map.of("name", "a"))), dry);

        assertThat(shown.uid()).isNotEmpty();
        assertGone(Kinds.CONFIG_MAP, "a");
    }

    @Test
    void generatedNameHasTheBase() {
        KubeObject map = create(NS, Map.of("generateName", "web-"), Map.of());

        assertThat(map.name()).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}");
    }

    @Test
    void namespaceMustExistAndStay() {
        assertStatus(() -> create("none", Map.of("name", "a"), Map.of()), 404, "namespaces \"none\" not found");
        assertStatus(
                () -> store.delete(ObjectKey.of(Kinds.NAMESPACE, "default"), DeleteOptions.NONE),
                403,
                "this namespace may not be deleted");
    }

    @Test
    void deletedNamespaceIsEmptiedAndGoes() {
        RecordingWatcher watcher = new RecordingWatcher();
        store.create(Kinds.NAMESPACE, "", KubeObject.of(Map.of("metadata", Map.of("name", "n1"))), WriteOptions.NONE);
        create("n1", Map.of("name", "a"), Map.of());
        store.watch(Kinds.NAMESPACE, "", ListOptions.ALL.withFields(Selector.equalTo("metadata.name", "n1")), watcher);

        KubeObject marked = store.delete(ObjectKey.of(Kinds.NAMESPACE, "n1"), DeleteOptions.NONE);

        assertThat(marked.status().text("phase")).isEqualTo("Terminating");
        WatchEvent.Type last = watcher.next().type();
        while (last != WatchEvent.Type.DELETED) {
            last = watcher.next().type();
        }
        assertThat(store.list(Kinds.CONFIG_MAP, "n1", ListOptions.ALL).items()).isEmpty();
    }

    @Test
    void namespaceWithAPodWaitsForItsNode() {
        store.create(Kinds.NAMESPACE, "", KubeObject.of(Map.of("metadata", Map.of("name", "n1"))), WriteOptions.NONE);
        RecordingWatcher pods = new RecordingWatcher();
        RecordingWatcher namespaces = new RecordingWatcher();
        store.watch(Kinds.POD, "n1", ListOptions.ALL, pods);
        KubeObject pod = KubeObject.of(Map.of(
                "metadata",
                Map.of("name", "p"),
                "spec",
                Map.of("nodeName", "edge-1", "containers", List.of(Map.of("name", "c", "image", "i")))));
        store.create(Kinds.POD, "n1", pod, WriteOptions.NONE);
        pods.next();
        store.watch(
                Kinds.NAMESPACE, "", ListOptions.ALL.withFields(Selector.equalTo("metadata.name", "n1")), namespaces);

        store.delete(ObjectKey.of(Kinds.NAMESPACE, "n1"), DeleteOptions.NONE);
        assertThat(pods.next().object().deletionTimestamp()).isPresent();
        assertStatus(() -> create("n1", Map.of("name", "late"), Map.of()), 403, "because it is being terminated");
        store.delete(new ObjectKey(Kinds.POD, "n1", "p"), DeleteOptions.NOW);

        WatchEvent.Type last = namespaces.next().type();
        while (last != WatchEvent.Type.DELETED) {
            last = namespaces.next().type();
        }
    }

    @Test
    void newNamespaceGetsItsServiceAccount() {
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(Kinds.SERVICE_ACCOUNT, "n1", ListOptions.ALL, watcher);

        store.create(Kinds.NAMESPACE, "", KubeObject.of(Map.of("metadata", Map.of("name", "n1"))), WriteOptions.NONE);

        assertThat(watcher.nextLine()).isEqualTo("ADDED default");
    }

    @Test
    void whatAnObjectOwnsFollowsIt() {
        KubeObject owner = create("owner");
        create(NS, Map.of("name", "owned", "ownerReferences", List.of(reference(owner))), Map.of());
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(
                Kinds.CONFIG_MAP, NS, ListOptions.ALL.withFields(Selector.equalTo("metadata.name", "owned")), watcher);

        store.delete(key(Kinds.CONFIG_MAP, "owner"), DeleteOptions.NONE);

        assertThat(List.of(watcher.nextLine(), watcher.nextLine())).containsExactly("ADDED owned", "DELETED owned");
    }

    // As KubeEdge writes it: an object in a namespace, owned by one of the whole cluster.
    @Test
    void leaseFollowsItsNode() {
        KubeObject node = store.create(
                Kinds.NODE, "", KubeObject.of(Map.of("metadata", Map.of("name", "n1"))), WriteOptions.NONE);
        Map<String, Object> owner = Map.of("apiVersion", "v1", "kind", "Node", "name", "n1", "uid", node.uid());
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(Kinds.LEASE, "", ListOptions.ALL, watcher);

        store.create(
                Kinds.LEASE,
                "kube-node-lease",
                KubeObject.of(Map.of("metadata", Map.of("name", "n1", "ownerReferences", List.of(owner)))),
                WriteOptions.NONE);
        store.delete(ObjectKey.of(Kinds.NODE, "n1"), DeleteOptions.NONE);

        assertThat(List.of(watcher.nextLine(), watcher.nextLine())).containsExactly("ADDED n1", "DELETED n1");
    }

    @Test
    void foregroundOwnerWaitsForWhatItOwns() {
        KubeObject owner = create("owner");
        create(
                NS,
                Map.of(
                        "name",
                        "owned",
                        "finalizers",
                        List.of("example.org/hold"),
                        "ownerReferences",
                        List.of(reference(owner))),
                Map.of());
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(Kinds.CONFIG_MAP, NS, ListOptions.ALL, watcher);
        DeleteOptions foreground =
                new DeleteOptions(java.util.OptionalLong.empty(), "", "", DeleteOptions.Propagation.FOREGROUND, false);

        store.delete(key(Kinds.CONFIG_MAP, "owner"), foreground);
        KubeObject held = watcher.next().object();
        while (!(held.name().equals("owned") && held.deletionTimestamp().isPresent())) {
            held = watcher.next().object();
        }
        boolean ownerWaited =
                store.get(key(Kinds.CONFIG_MAP, "owner")).deletionTimestamp().isPresent();
        store.update(key(Kinds.CONFIG_MAP, "owned"), "", held.without("metadata", "finalizers"), WriteOptions.NONE);

        assertThat(ownerWaited).isTrue();
        String line = watcher.nextLine();
        while (!line.equals("DELETED owner")) {
            line = watcher.nextLine();
        }
        assertGone(Kinds.CONFIG_MAP, "owned");
    }

    private static Map<String, Object> reference(KubeObject owner) {
        return Map.of("apiVersion", "v1", "kind", "ConfigMap", "name", owner.name(), "uid", owner.uid());
    }

    @Test
    void immutableConfigMapStays() {
        KubeObject map = store.create(
                Kinds.CONFIG_MAP,
                NS,
                KubeObject.of(Map.of("metadata", Map.of("name", "a"), "data", Map.of("n", "0"), "immutable", true)),
                WriteOptions.NONE);

        assertStatus(() -> set(map, "1"), 422, "data: Forbidden: field is immutable when `immutable` is set");
    }

    @Test
    void secretTextIsEncoded() {
        KubeObject secret = store.create(
                Kinds.SECRET,
                NS,
                KubeObject.of(Map.of("metadata", Map.of("name", "s"), "stringData", Map.of("p", "q"))),
                WriteOptions.NONE);

        assertThat(secret.doc().textMap("data")).isEqualTo(Map.of("p", "cQ=="));
        assertThat(secret.doc().text("type")).isEqualTo("Opaque");
        assertThat(secret.doc().has("stringData")).isFalse();
    }

    @Test
    void valueOfTheWrongTypeIsRefusedAsByGo() {
        Doc wrong = Doc.of(Map.of("metadata", Map.of("name", "a"), "data", Map.of("port", 8080)));

        assertStatus(
                () -> store.create(Kinds.CONFIG_MAP, NS, new KubeObject(wrong), WriteOptions.NONE),
                400,
                "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go"
                        + " struct field ConfigMap.data of type string");
    }

    @Test
    void metricsAndHealthFollowTheStore() {
        EmbeddedResourceStore embedded = (EmbeddedResourceStore) store;
        create("a");

        assertThat(embedded.samples()).anySatisfy(s -> {
            assertThat(s.name()).isEqualTo("skep_kube_objects");
            assertThat(s.labels()).containsEntry("resource", "configmaps");
            assertThat(s.value()).isEqualTo(1);
        });
        stores.disk().failWrites(true);
        assertThat(embedded.check().ok()).isFalse();
    }
}
