package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of a pod may change once it is there. */
class PodChangeTest extends EmbeddedStoreTest {

    private static final ObjectKey POD = new ObjectKey(Kinds.POD, NS, "p");

    @BeforeEach
    void createPod() {
        store.create(
                Kinds.POD,
                NS,
                KubeObject.of(Map.of(
                        "metadata",
                        Map.of("name", "p"),
                        "spec",
                        Map.of(
                                "hostname",
                                "web",
                                "terminationGracePeriodSeconds",
                                -5,
                                "containers",
                                List.of(Map.of("name", "c", "image", "app:1"))))),
                WriteOptions.NONE);
    }

    private KubeObject patch(String body) {
        return store.patch(POD, "", new Patch(PatchType.STRATEGIC_MERGE, body), WriteOptions.NONE);
    }

    /** As if an earlier version had let it in. */
    private void store(String field, String other) {
        stores.close();
        String key = "/pods/" + NS + "/p";
        String body = stores.disk().get(Journal.OBJECTS, key).orElseThrow().body();
        stores.disk().submit(List.of(Change.put(Journal.OBJECTS, key, DocumentStore.ANY, body.replace(field, other))));
        store = stores.open();
    }

    @Test
    void imageAndDeadlineAndFurtherTolerationsMayChange() {
        KubeObject changed = patch("{\"spec\":{\"activeDeadlineSeconds\":60,\"containers\":[{\"name\":\"c\",\"image\":"
                + "\"app:2\"}],\"tolerations\":[{\"key\":\"x\",\"operator\":\"Exists\"}]}}");

        assertThat(changed.spec().objects("containers").get(0).text("image")).isEqualTo("app:2");
        assertThat(changed.spec().number(0, "activeDeadlineSeconds")).isEqualTo(60);
    }

    @Test
    void graceOfLessThanNothingMayBecomeOne() {
        assertThatThrownBy(() -> patch("{\"spec\":{\"terminationGracePeriodSeconds\":2}}"))
                .hasMessageContaining("pod updates may not change fields other than");

        assertThat(patch("{\"spec\":{\"terminationGracePeriodSeconds\":1}}")
                        .spec()
                        .number(0, "terminationGracePeriodSeconds"))
                .isEqualTo(1);
    }

    @Test
    void refusalShowsWhatWouldHaveChanged() {
        assertThatThrownBy(() -> patch("{\"spec\":{\"hostname\":\"other\",\"containers\":[{\"name\":\"c\","
                        + "\"workingDir\":\"/x\"}]}}"))
                .hasMessageContaining("(allow it to be set to 1 if it was previously negative)\n")
                .hasMessageContaining("- spec.hostname: \"web\"\n+ spec.hostname: \"other\"")
                .hasMessageContaining("+ spec.containers[0].workingDir: \"/x\"");
    }

    @Test
    void podWithAMistakeOfOldMayChangeElsewhere() {
        store("\"hostname\":\"web\"", "\"hostname\":\"web\",\"hostAliases\":[{\"ip\":\"nowhere\"}]");

        KubeObject changed = patch("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");

        assertThat(changed.labels()).containsEntry("a", "b");
        assertThatThrownBy(() -> patch("{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\" app:2\"}]}}"))
                .hasMessageContaining("must not have leading or trailing whitespace")
                .message()
                .doesNotContain("nowhere");
    }

    @Test
    void onlyTheImageAndAFewFieldsMayChange() {
        KubeObject pod = store.get(POD);
        Doc other = pod.spec().objects("containers").get(0).with("app:2", "image");

        KubeObject changed = store.update(POD, "", pod.with(List.of(other), "spec", "containers"), WriteOptions.NONE);

        assertThat(changed.spec().objects("containers").get(0).text("image")).isEqualTo("app:2");
        assertThatThrownBy(
                        () -> store.update(POD, "", changed.with("Never", "spec", "restartPolicy"), WriteOptions.NONE))
                .hasMessageContaining("pod updates may not change fields other than `spec.containers[*].image`");
    }

    @Test
    void howLongATolerationHoldsMayChange() {
        KubeObject pod = store.get(POD);
        List<Doc> shorter = pod.spec().objects("tolerations").stream()
                .map(toleration -> toleration.with(5, "tolerationSeconds"))
                .toList();

        assertThat(store.update(POD, "", pod.with(shorter, "spec", "tolerations"), WriteOptions.NONE)
                        .spec()
                        .objects("tolerations"))
                .isEqualTo(shorter);
    }

    @Test
    void deadlineComesNearerOnly() {
        KubeObject pod = store.get(POD);
        KubeObject limited = store.update(POD, "", pod.with(100, "spec", "activeDeadlineSeconds"), WriteOptions.NONE);
        KubeObject nearer = store.update(POD, "", limited.with(50, "spec", "activeDeadlineSeconds"), WriteOptions.NONE);

        assertThatThrownBy(() ->
                        store.update(POD, "", nearer.with(51, "spec", "activeDeadlineSeconds"), WriteOptions.NONE))
                .hasMessageContaining(
                        "spec.activeDeadlineSeconds: Invalid value: 51: must be less than or equal to previous value");
        assertThatThrownBy(
                        () -> store.update(POD, "", nearer.without("spec", "activeDeadlineSeconds"), WriteOptions.NONE))
                .hasMessageContaining("must not update from a positive integer to nil value");
    }
}
