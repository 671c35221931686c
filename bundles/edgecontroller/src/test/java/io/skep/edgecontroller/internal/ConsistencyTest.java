package io.skep.edgecontroller.internal;

import static io.skep.edgecontroller.internal.Cloud.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.WriteOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsistencyTest {

    private final Cloud cloud = new Cloud();

    private void startWithNode() {
        cloud.node(NODE);
        cloud.start();
    }

    private void patchPod(String subresource, String body) {
        cloud.store.patch(
                new ObjectKey(Kinds.POD, "default", "web"),
                subresource,
                new Patch(PatchType.MERGE, body),
                WriteOptions.NONE);
    }

    @Test
    void nodeThatConnectsIsSentWhatItLacksAtOnce() {
        startWithNode();
        cloud.podWithConfig("web", "settings");
        cloud.configMap("settings");
        cloud.sent();

        cloud.connect(NODE);

        assertThat(cloud.sentRoutes())
                .containsExactlyInAnyOrder(
                        "insert node/edge-1/default/pod/web", "insert node/edge-1/default/configmap/settings");
    }

    @Test
    void nodeThatHasEverythingIsSentNothing() {
        startWithNode();
        KubeObject pod = cloud.pod("web");
        cloud.synced(NODE, pod, pod.resourceVersion());
        cloud.sent();

        cloud.connect(NODE);
        cloud.context.advance(Duration.ofMinutes(1));

        assertThat(cloud.sent()).isEmpty();
    }

    @Test
    void nodeThatMissedAChangeIsSentTheNewestObject() {
        startWithNode();
        KubeObject pod = cloud.pod("web");
        cloud.synced(NODE, pod, pod.resourceVersion());
        cloud.context.runWork();
        patchPod("", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        cloud.sent();

        cloud.connect(NODE);

        assertThat(cloud.sentRoutes()).containsExactly("update node/edge-1/default/pod/web");
    }

    // Every status a node reports raises the version; that must not send all its pods back to it on each connect.
    @Test
    void statusReportedByTheNodeIsNoReasonToSendThePodAgain() {
        startWithNode();
        KubeObject pod = cloud.pod("web");
        cloud.synced(NODE, pod, pod.resourceVersion());
        cloud.context.runWork();
        patchPod("status", "{\"status\":{\"phase\":\"Running\"}}");

        cloud.connect(NODE);

        assertThat(cloud.sent()).isEmpty();
    }

    @Test
    void whatWasDeletedMeanwhileIsDeletedByUid() {
        startWithNode();
        KubeObject pod = cloud.pod("web");
        cloud.synced(NODE, pod, pod.resourceVersion());
        cloud.store.delete(new ObjectKey(Kinds.POD, "default", "web"), DeleteOptions.NOW);
        cloud.sent();

        cloud.connect(NODE);

        Message gone = cloud.sent().get(0);
        assertThat(gone.route().operation()).isEqualTo("delete");
        assertThat(gone.route().resource()).isEqualTo("node/edge-1/default/pod/web");
        assertThat(gone.header().resourceVersion()).isEmpty();
        assertThat(gone.content())
                .isEqualTo(new Content.Json(
                        "{\"metadata\":{\"name\":\"web\",\"namespace\":\"default\",\"uid\":\"" + pod.uid() + "\"}}"));
    }

    @Test
    void podMadeAnewUnderItsNameReplacesTheOldOne() {
        startWithNode();
        KubeObject pod = cloud.pod("web");
        cloud.synced(NODE, pod, pod.resourceVersion());
        cloud.store.delete(new ObjectKey(Kinds.POD, "default", "web"), DeleteOptions.NOW);
        KubeObject second = cloud.pod("web");
        cloud.sent();

        cloud.connect(NODE);

        List<Message> sent = cloud.sent();
        assertThat(sent)
                .anyMatch(m -> m.route().operation().equals("delete")
                        && m.content().json().contains(pod.uid()));
        assertThat(sent)
                .anyMatch(m -> m.route().operation().equals("insert")
                        && m.content().json().contains(second.uid()));
    }

    @Test
    void unacknowledgedObjectIsSentAgainAfterAWhileAndNotBefore() {
        startWithNode();
        cloud.connect(NODE);
        cloud.pod("web");
        assertThat(cloud.sent()).hasSize(1);

        cloud.context.advance(Duration.ofSeconds(25));
        assertThat(cloud.sent()).isEmpty();

        cloud.context.advance(Duration.ofSeconds(10));
        assertThat(cloud.sentRoutes()).containsExactly("insert node/edge-1/default/pod/web");
    }

    // After a restart of the cloud its mirrors are empty for a moment; that is not the same as having nothing.
    @Test
    void nothingIsComparedBeforeEverythingIsListed() {
        cloud.node(NODE);
        KubeObject pod = cloud.pod("web");
        cloud.synced(NODE, pod, pod.resourceVersion());
        cloud.store.failLists(true);
        cloud.start();

        cloud.connect(NODE);
        cloud.context.advance(Duration.ofSeconds(20));
        assertThat(cloud.sentRoutes()).noneMatch(r -> r.contains("pod"));
    }

    @Test
    void recordsOfNodesThatVanishedWhileTheCloudWasDownAreRemoved() {
        KubeObject map = cloud.configMap("settings");
        cloud.synced("gone.example", map, "7");
        cloud.node(NODE);
        cloud.synced(NODE, map, "7");

        cloud.start();

        assertThat(cloud.store.list(Kinds.OBJECT_SYNC, "", ListOptions.ALL).items())
                .extracting(KubeObject::name)
                .containsExactly(NODE + "." + map.uid());
    }

    @Test
    void syncOfAKindNobodyKnowsIsLeftAlone() {
        startWithNode();
        KubeObject device = KubeObject.of(io.skep.kube.api.InMemoryResourceStore.tree(
                "apiVersion",
                "devices.kubeedge.io/v1beta1",
                "kind",
                "Device",
                "metadata",
                io.skep.kube.api.InMemoryResourceStore.tree(
                        "name", "pump", "namespace", "default", "uid", "u-1", "resourceVersion", "9")));
        cloud.synced(NODE, device, "9");

        cloud.connect(NODE);

        assertThat(cloud.sent()).isEmpty();
    }

    // A node has objects of any kind once its MetaServer watched them.
    @Test
    void objectOfAKindThatIsNotPushedHereIsComparedToo() {
        startWithNode();
        ObjectKey key = new ObjectKey(Kinds.SERVICE_ACCOUNT, "default", "robot");
        KubeObject account = cloud.store.create(
                Kinds.SERVICE_ACCOUNT,
                "default",
                KubeObject.of(java.util.Map.of("metadata", java.util.Map.of("name", "robot"))),
                WriteOptions.NONE);
        cloud.synced(NODE, account, "1");
        cloud.connect(NODE);

        // The first comparison finds that the kind has to be listed, the second compares.
        cloud.context.advance(Duration.ofSeconds(10));
        assertThat(cloud.sentRoutes()).containsExactly("update node/edge-1/default/serviceaccount/robot");

        cloud.store.delete(key, DeleteOptions.NONE);
        cloud.context.advance(Duration.ofSeconds(5));
        assertThat(cloud.sentRoutes()).containsExactly("delete node/edge-1/default/serviceaccount/robot");
    }

    // Its database was lost: what it acknowledged once it has no more.
    @Test
    void nodeThatLostItsMemoryIsSentEverythingAgain() {
        startWithNode();
        KubeObject pod = cloud.podWithConfig("web", "settings");
        KubeObject map = cloud.configMap("settings");
        cloud.synced(NODE, pod, pod.resourceVersion());
        cloud.synced(NODE, map, map.resourceVersion());
        cloud.sent();
        cloud.connect(NODE);
        assertThat(cloud.sent()).isEmpty();

        cloud.says("query", "default/podlist", "null");

        assertThat(cloud.sentRoutes())
                .containsExactly(
                        "response node/edge-1/default/podlist",
                        "update node/edge-1/default/configmap/settings",
                        "insert node/edge-1/default/pod/web");
        assertThat(cloud.store.list(Kinds.OBJECT_SYNC, "", ListOptions.ALL).items())
                .isEmpty();
    }
}
