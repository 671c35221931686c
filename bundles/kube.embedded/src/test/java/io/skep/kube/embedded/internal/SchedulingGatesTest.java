package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.WriteOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pod with gates waits until others have taken them away. */
class SchedulingGatesTest extends EmbeddedStoreTest {

    private static final ObjectKey KEY = key(Kinds.POD, "p");

    private KubeObject gated(Map<String, Object> more) {
        Map<String, Object> spec = new HashMap<>(Map.of(
                "schedulingGates",
                List.of(Map.of("name", "a"), Map.of("name", "b")),
                "containers",
                List.of(Map.of("name", "c", "image", "i"))));
        spec.putAll(more);
        return store.create(
                Kinds.POD, NS, KubeObject.of(Map.of("metadata", Map.of("name", "p"), "spec", spec)), WriteOptions.NONE);
    }

    private KubeObject update(KubeObject pod) {
        return store.update(KEY, "", pod, WriteOptions.NONE);
    }

    @Test
    void itsStatusSaysWhyItWaits() {
        assertThat(gated(Map.of()).status().objects("conditions"))
                .singleElement()
                .satisfies(condition -> assertThat(condition.text("reason")).isEqualTo("SchedulingGated"));
    }

    @Test
    void gatesGoOneByOneAndNoneComes() {
        KubeObject pod = gated(Map.of());

        KubeObject less = update(pod.with(List.of(Map.of("name", "b")), "spec", "schedulingGates"));
        assertThatThrownBy(() -> update(less.with(List.of(Map.of("name", "c")), "spec", "schedulingGates")))
                .hasMessageContaining("only deletion is allowed, but found new scheduling gate 'c'");
        KubeObject none = update(less.without("spec", "schedulingGates"));

        assertThat(none.spec().has("schedulingGates")).isFalse();
        assertThatThrownBy(() -> update(none.with(List.of(Map.of("name", "a")), "spec", "schedulingGates")))
                .hasMessageContaining("found new scheduling gate 'a'");
    }

    @Test
    void untilThenItsNodesCanBeNarrowed() {
        KubeObject pod = gated(Map.of("nodeSelector", Map.of("zone", "1")));

        KubeObject narrowed = update(pod.with("fast", "spec", "nodeSelector", "disk"));
        assertThat(narrowed.spec().textMap("nodeSelector")).containsOnlyKeys("zone", "disk");
        assertThatThrownBy(() -> update(narrowed.with("2", "spec", "nodeSelector", "zone")))
                .hasMessageContaining("only additions to spec.nodeSelector are allowed");

        KubeObject free = update(narrowed.without("spec", "schedulingGates"));
        assertThatThrownBy(() -> update(free.with("x", "spec", "nodeSelector", "more")))
                .hasMessageContaining("pod updates may not change fields other than");
    }

    @Test
    void noNodeIsSaidWithThem() {
        gated(Map.of());
        KubeObject binding = KubeObject.of(Map.of("target", Map.of("kind", "Node", "name", "n1")));

        assertStatus(
                () -> store.createSub(KEY, "binding", binding, WriteOptions.NONE),
                409,
                "has non-empty .spec.schedulingGates");
        assertThatThrownBy(() -> store.create(
                        Kinds.POD,
                        NS,
                        KubeObject.of(Map.of(
                                "metadata",
                                Map.of("name", "q"),
                                "spec",
                                Map.of(
                                        "nodeName",
                                        "n1",
                                        "schedulingGates",
                                        List.of(Map.of("name", "a")),
                                        "containers",
                                        List.of(Map.of("name", "c", "image", "i"))))),
                        WriteOptions.NONE))
                .hasMessageContaining("cannot be set until all schedulingGates have been cleared");
    }
}
