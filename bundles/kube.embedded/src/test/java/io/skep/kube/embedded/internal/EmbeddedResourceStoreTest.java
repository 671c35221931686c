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
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Reads and writes beyond what the contract of all stores asks. */
class EmbeddedResourceStoreTest extends EmbeddedStoreTest {

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
        assertThat(first.remaining()).isEqualTo(1);
        assertThat(second.remaining()).isZero();
    }

    @Test
    void unknownFieldSelectorIsRefusedInTheKindsWords() {
        for (ResourceKind kind : List.of(Kinds.POD, Kinds.NODE, Kinds.EVENT, Kinds.OBJECT_SYNC)) {
            assertThatThrownBy(
                            () -> store.list(kind, "", ListOptions.ALL.withFields(Selector.equalTo("spec.mood", "x"))))
                    .hasMessage("field label not supported: spec.mood");
        }
        assertThatThrownBy(() ->
                        store.list(Kinds.CONFIG_MAP, NS, ListOptions.ALL.withFields(Selector.equalTo("data.a", "x"))))
                .hasMessage("\"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
        assertStatus(
                () -> store.list(
                        Kinds.NODE, "", ListOptions.ALL.withFields(Selector.equalTo("metadata.namespace", ""))),
                400,
                "field label not supported: metadata.namespace");
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
    void finalizerBearsANameThatIsSomebodys() {
        for (String name : List.of("bad finalizer", "nobodys")) {
            Doc metadata = Doc.of(Map.of("name", "a", "finalizers", List.of("orphan", "x.io/y", name)));
            KubeObject held = KubeObject.of(Map.of("metadata", metadata));

            assertStatus(
                    () -> store.create(Kinds.CONFIG_MAP, NS, held, WriteOptions.NONE),
                    422,
                    "metadata.finalizers[2]: Invalid value: \"" + name
                            + "\": name is neither a standard finalizer name nor is it fully qualified");
        }
    }

    @Test
    void patchIsToBlameForAValueOfTheWrongType() {
        store.create(Kinds.CONFIG_MAP, NS, KubeObject.of(Map.of("metadata", Map.of("name", "a"))), WriteOptions.NONE);
        ObjectKey key = new ObjectKey(Kinds.CONFIG_MAP, NS, "a");
        Patch text = new Patch(PatchType.STRATEGIC_MERGE, "{\"metadata\":{\"name\":\"a\",\"labels\":\"x\"}}");
        Patch number = new Patch(
                PatchType.JSON,
                "[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"metadata\":{\"name\":\"a\"},\"data\":{\"b\":1}}}]");

        assertStatus(
                () -> store.patch(key, "", text, WriteOptions.NONE),
                422,
                " \"\" is invalid: patch: Invalid value: \"map[metadata:map[labels:x name:a]]\": cannot restore map from"
                        + " string");
        assertStatus(
                () -> store.patch(key, "", number, WriteOptions.NONE),
                422,
                " \"\" is invalid: patch: Invalid value:"
                        + " \"{\\\"metadata\\\":{\\\"name\\\":\\\"a\\\"},\\\"data\\\":{\\\"b\\\":1}}\": json: cannot"
                        + " unmarshal number into Go struct field ConfigMap.data of type string");
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
