package io.skep.edgecontroller.internal;

import static io.skep.edgecontroller.internal.Cloud.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeLifeTest {

    private static final String LEASE = "{\"metadata\":{\"name\":\"edge-1\"},\"spec\":{\"leaseDurationSeconds\":40}}";

    private final Cloud cloud = Cloud.withNode();

    private Doc ready() {
        return node().status().objects("conditions").stream()
                .filter(c -> c.text("type").equals("Ready"))
                .findFirst()
                .orElseThrow();
    }

    private KubeObject node() {
        return cloud.store.get(ObjectKey.of(Kinds.NODE, NODE));
    }

    @Test
    void nodeWithoutAFreshLeaseIsMarkedAndTainted() {
        cloud.pod("web");

        cloud.context.advance(Duration.ofSeconds(41));

        assertThat(ready().text("status")).isEqualTo("Unknown");
        assertThat(ready().text("reason")).isEqualTo("NodeStatusUnknown");
        assertThat(ready().text("message")).isEqualTo("Kubelet stopped posting node status.");
        assertThat(node().spec().objects("taints"))
                .extracting(t -> t.text("key") + ":" + t.text("effect"))
                .containsExactly("node.kubernetes.io/unreachable:NoSchedule");
        assertThat(cloud.store.get(new ObjectKey(Kinds.POD, "default", "web")).deletionTimestamp())
                .isEmpty();
    }

    @Test
    void nodeThatRenewsItsLeaseStaysReady() {
        cloud.says("insert", "kube-node-lease/lease/edge-1", LEASE);
        for (int i = 0; i < 12; i++) {
            cloud.context.advance(Duration.ofSeconds(10));
            cloud.says("update", "kube-node-lease/lease/edge-1", LEASE);
        }

        assertThat(ready().text("status")).isEqualTo("True");

        cloud.context.advance(Duration.ofSeconds(39));
        assertThat(ready().text("status")).isEqualTo("True");
        cloud.context.advance(Duration.ofSeconds(2));
        assertThat(ready().text("status")).isEqualTo("Unknown");
    }

    @Test
    void nodeThatReportsReadyIsUntaintedAtOnce() {
        cloud.context.advance(Duration.ofSeconds(41));

        cloud.says(
                "patch",
                "default/nodepatch/edge-1",
                "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"EdgeReady\"}]}}");

        assertThat(ready().text("status")).isEqualTo("True");
        assertThat(node().spec().objects("taints")).isEmpty();
    }

    @Test
    void nodeIsMarkedAgainWhenItIsLostAgain() {
        cloud.context.advance(Duration.ofSeconds(41));
        cloud.says(
                "patch",
                "default/nodepatch/edge-1",
                "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");

        cloud.context.advance(Duration.ofSeconds(41));

        assertThat(ready().text("status")).isEqualTo("Unknown");
    }

    @Test
    void othersTaintsSurvive() {
        cloud.store.patch(
                ObjectKey.of(Kinds.NODE, NODE),
                "",
                new io.skep.kube.api.Patch(
                        io.skep.kube.api.PatchType.MERGE,
                        "{\"spec\":{\"taints\":[{\"key\":\"mine\",\"effect\":\"NoSchedule\"}]}}"),
                io.skep.kube.api.WriteOptions.NONE);

        cloud.context.advance(Duration.ofSeconds(41));
        assertThat(node().spec().objects("taints")).hasSize(2);
        cloud.says(
                "patch",
                "default/nodepatch/edge-1",
                "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");

        assertThat(node().spec().objects("taints"))
                .extracting(t -> t.text("key"))
                .containsExactly("mine");
    }
}
