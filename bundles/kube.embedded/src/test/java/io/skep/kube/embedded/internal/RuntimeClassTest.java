package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.WriteOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The objects of the kind, and what they make of new pods. */
class RuntimeClassTest extends EmbeddedStoreTest {

    private static final Map<String, Object> DEDICATED =
            Map.of("key", "kata", "operator", "Equal", "value", "only", "effect", "NoSchedule");

    private KubeObject create(Map<String, Object> fields) {
        KubeObject named = KubeObject.of(fields).with("kata", "metadata", "name");
        return store.create(Kinds.RUNTIME_CLASS, "", named, WriteOptions.NONE);
    }

    private Doc pod(String runtimeClass, Map<String, Object> spec) {
        Doc full = Doc.of(spec)
                .with(List.of(Map.of("name", "c", "image", "i")), "containers")
                .with(runtimeClass, "runtimeClassName");
        KubeObject pod = KubeObject.of(Map.of("metadata", Map.of("name", "p"), "spec", full));
        return store.create(Kinds.POD, NS, pod, WriteOptions.NONE).spec();
    }

    private void assertInvalid(Map<String, Object> fields, String message) {
        assertStatus(() -> create(fields), 422, "RuntimeClass.node.k8s.io \"kata\" is invalid: " + message);
    }

    private void assertForbidden(String runtimeClass, Map<String, Object> spec, String why) {
        assertStatus(() -> pod(runtimeClass, spec), 403, "pods \"p\" is forbidden: " + why);
    }

    // Pods may name a runtime of the node, whether or not anybody made an object for it.
    @Test
    void clusterBeginsWithTheRuntimesOfOurNodes() {
        assertThat(store.list(Kinds.RUNTIME_CLASS, "", ListOptions.ALL).items())
                .extracting(KubeObject::name, c -> c.doc().text("handler"))
                .containsExactly(tuple("cri", "cri"), tuple("osgi", "osgi"), tuple("process", "process"));
        assertThat(pod("process", Map.of()).has("overhead")).isFalse();
    }

    @Test
    void handlerIsRequiredIsALabelAndStays() {
        assertInvalid(Map.of(), "handler: Invalid value: \"\": a lowercase RFC 1123 label must consist of");
        assertInvalid(Map.of("handler", "Kata.io"), "handler: Invalid value: \"Kata.io\"");
        create(Map.of("handler", "kata"));

        assertStatus(
                () -> store.patch(
                        key(Kinds.RUNTIME_CLASS, "kata"),
                        "",
                        new Patch(PatchType.MERGE, "{\"handler\":\"runc\"}"),
                        WriteOptions.NONE),
                422,
                "handler: Invalid value: \"runc\": field is immutable");
    }

    @Test
    void overheadAndSchedulingAreChecked() {
        assertInvalid(
                Map.of("handler", "h", "overhead", Map.of("podFixed", Map.of("cpu", "-1"))),
                "overhead.limits[cpu]: Invalid value: \"-1\": must be greater than or equal to 0");
        assertInvalid(
                Map.of("handler", "h", "scheduling", Map.of("nodeSelector", Map.of("a", "not a value"))),
                "scheduling.nodeSelector: Invalid value: \"not a value\"");
        assertInvalid(
                Map.of("handler", "h", "scheduling", Map.of("tolerations", List.of(Map.of("effect", "Sometimes")))),
                "[scheduling.tolerations[0].operator: Invalid value: \"\": operator must be Exists when `key` is empty");
        assertInvalid(
                Map.of("handler", "h", "scheduling", Map.of("tolerations", List.of(DEDICATED, DEDICATED))),
                "scheduling.tolerations[1]: Duplicate value");
    }

    @Test
    void podOfAClassThatIsNotThereIsRefused() {
        create(Map.of("handler", "kata"));
        store.delete(key(Kinds.RUNTIME_CLASS, "kata"), DeleteOptions.NONE);

        assertForbidden("kata", Map.of(), "pod rejected: RuntimeClass \"kata\" not found");
        assertForbidden("never", Map.of(), "pod rejected: RuntimeClass \"never\" not found");
    }

    @Test
    void podIsGivenTheOverheadOfItsClassAndNoOther() {
        create(Map.of("handler", "kata", "overhead", Map.of("podFixed", Map.of("cpu", "10m", "memory", "1Mi"))));

        assertForbidden(
                "kata",
                Map.of("overhead", Map.of("cpu", "20m", "memory", "1Mi")),
                "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        assertForbidden(
                "process",
                Map.of("overhead", Map.of("cpu", "10m")),
                "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
        assertThat(pod("kata", Map.of("overhead", Map.of("cpu", "0.01", "memory", "1048576")))
                        .textMap("overhead"))
                .isEqualTo(Map.of("cpu", "10m", "memory", "1Mi"));
    }

    @Test
    void podIsSentWhereItsClassSays() {
        create(Map.of("handler", "kata", "scheduling", Map.of("nodeSelector", Map.of("vt", "yes", "zone", "a"))));

        assertForbidden(
                "kata",
                Map.of("nodeSelector", Map.of("zone", "b")),
                "conflict: runtimeClass.scheduling.nodeSelector[zone] = a; pod.spec.nodeSelector[zone] = b");
        assertThat(pod("kata", Map.of("nodeSelector", Map.of("zone", "a", "disk", "ssd")))
                        .textMap("nodeSelector"))
                .isEqualTo(Map.of("zone", "a", "disk", "ssd", "vt", "yes"));
    }

    @Test
    void podToleratesWhatItsClassTolerates() {
        create(Map.of("handler", "kata", "scheduling", Map.of("tolerations", List.of(DEDICATED))));

        List<Doc> tolerations =
                pod("kata", Map.of("tolerations", List.of(DEDICATED))).objects("tolerations");

        assertThat(tolerations)
                .extracting(t -> t.text("key"))
                .containsExactly("kata", "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
    }

    @Test
    void tolerationThatAnotherCoversIsLeftOut() {
        create(Map.of("handler", "kata", "scheduling", Map.of("tolerations", List.of(Map.of("operator", "Exists")))));

        assertThat(pod("kata", Map.of("tolerations", List.of(DEDICATED))).objects("tolerations"))
                .extracting(Doc::asMap)
                .containsExactly(Map.of("operator", "Exists"));
    }

    // The class is for new pods: what runs is not to be disturbed.
    @Test
    void storedPodIsNotTouchedWhenItsClassGoes() {
        create(Map.of("handler", "kata"));
        pod("kata", Map.of());
        store.delete(key(Kinds.RUNTIME_CLASS, "kata"), DeleteOptions.NONE);

        KubeObject patched = store.patch(
                key(Kinds.POD, "p"),
                "",
                new Patch(PatchType.MERGE, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"),
                WriteOptions.NONE);

        assertThat(patched.spec().text("runtimeClassName")).isEqualTo("kata");
    }
}
