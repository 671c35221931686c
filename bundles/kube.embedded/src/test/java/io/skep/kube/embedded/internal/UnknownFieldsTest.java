package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.store.Change;
import io.skep.core.api.store.DocumentStore;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.storage.Journal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the schema does not know is not kept, as a decoder into a struct does not. */
class UnknownFieldsTest extends EmbeddedStoreTest {

    private static final ObjectKey POD = new ObjectKey(Kinds.POD, NS, "p");

    private static KubeObject pod(Map<String, ?> spec) {
        return KubeObject.of(Map.of(
                "metadata",
                Map.of("name", "p", "madeUp", "x"),
                "spec",
                Doc.of(spec)
                        .with(List.of(Map.of("name", "c", "image", "app:1", "imagee", "app:2")), "containers")
                        .with(Map.of("any.key", "v"), "nodeSelector")));
    }

    @Test
    void createKeepsOnlyWhatTheKindHas() {
        KubeObject made = store.create(Kinds.POD, NS, pod(Map.of("replicas", 2)), WriteOptions.NONE);

        assertThat(made.doc().has("metadata", "madeUp")).isFalse();
        assertThat(made.spec().has("replicas")).isFalse();
        assertThat(made.spec().objects("containers").get(0).has("imagee")).isFalse();
        assertThat(made.spec().textMap("nodeSelector")).containsEntry("any.key", "v");
    }

    @Test
    void updateAndEveryPatchKeepOnlyWhatTheKindHas() {
        KubeObject made = store.create(Kinds.POD, NS, pod(Map.of()), WriteOptions.NONE);

        assertThat(store.update(POD, "", made.with(2, "spec", "replicas"), WriteOptions.NONE)
                        .spec()
                        .has("replicas"))
                .isFalse();
        assertThat(store.update(POD, "status", made.with(2, "status", "replicas"), WriteOptions.NONE)
                        .status()
                        .has("replicas"))
                .isFalse();
        for (Patch patch : List.of(
                new Patch(PatchType.MERGE, "{\"spec\":{\"replicas\":2}}"),
                new Patch(PatchType.STRATEGIC_MERGE, "{\"spec\":{\"replicas\":2}}"),
                new Patch(PatchType.JSON, "[{\"op\":\"add\",\"path\":\"/spec/replicas\",\"value\":2}]"))) {
            assertThat(store.patch(POD, "", patch, WriteOptions.NONE).spec().has("replicas"))
                    .as(patch.body())
                    .isFalse();
        }
    }

    @Test
    void dataOfAConfigMapHasAnyKeys() {
        KubeObject map = KubeObject.of(Map.of("metadata", Map.of("name", "m"), "data", Map.of("any", "x"), "datta", 1));

        KubeObject made = store.create(Kinds.CONFIG_MAP, NS, map, WriteOptions.NONE);

        assertThat(made.doc().textMap("data")).containsEntry("any", "x");
        assertThat(made.doc().has("datta")).isFalse();
    }

    // An earlier version kept what it didn't know. Most of a pod's spec must not change, and losing such a field is no
    // change.
    @Test
    void podThatWasStoredWithAnUnknownFieldCanBeChanged() {
        store.create(Kinds.POD, NS, pod(Map.of()), WriteOptions.NONE);
        stores.close();
        String key = "/pods/" + NS + "/p";
        String body = stores.disk().get(Journal.OBJECTS, key).orElseThrow().body();
        stores.disk()
                .submit(List.of(Change.put(
                        Journal.OBJECTS,
                        key,
                        DocumentStore.ANY,
                        body.replace("\"nodeSelector\":", "\"replicas\":2,\"nodeSelector\":"))));
        store = stores.open();
        assertThat(store.get(POD).spec().has("replicas")).isTrue();

        KubeObject changed = store.patch(
                POD, "", new Patch(PatchType.MERGE, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), WriteOptions.NONE);

        assertThat(changed.labels()).containsEntry("a", "b");
        assertThat(changed.spec().has("replicas")).isFalse();
    }
}
