package io.skep.edgecontroller.internal;

import static io.skep.edgecontroller.internal.Cloud.NODE;
import static io.skep.kube.api.InMemoryResourceStore.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Message;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ResourcesTest {

    private final Cloud cloud = Cloud.withNode();

    private void patch(ObjectKey key, String subresource, String body) {
        cloud.store.patch(key, subresource, new Patch(PatchType.MERGE, body), WriteOptions.NONE);
    }

    private static ObjectKey pod(String name) {
        return new ObjectKey(Kinds.POD, "default", name);
    }

    @Test
    void newPodGoesToItsNodeWholeAndTyped() {
        KubeObject pod = cloud.pod("web");

        Message push = cloud.sent().get(0);

        assertThat(push.route().source()).isEqualTo("edgecontroller");
        assertThat(push.route().group()).isEqualTo("resource");
        assertThat(push.route().operation()).isEqualTo("insert");
        assertThat(push.route().resource()).isEqualTo("node/edge-1/default/pod/web");
        assertThat(push.isReply()).isFalse();
        assertThat(push.header().resourceVersion()).isEqualTo(pod.resourceVersion());
        assertThat(push.content().json()).contains("\"apiVersion\":\"v1\"", "\"kind\":\"Pod\"", pod.uid());
    }

    @Test
    void podOfANodeThatIsNoEdgeNodeStaysHere() {
        cloud.connect("other");
        cloud.sent();

        cloud.pod("web", tree("nodeName", "other", "containers", List.of()));

        assertThat(cloud.sent()).isEmpty();
    }

    @Test
    void podIsSentOnceItIsBound() {
        cloud.pod("web", tree("containers", List.of()));
        assertThat(cloud.sent()).isEmpty();

        patch(pod("web"), "", "{\"spec\":{\"nodeName\":\"edge-1\"}}");

        assertThat(cloud.sentRoutes()).containsExactly("update node/edge-1/default/pod/web");
    }

    // The node itself reported the status: sending it back would be traffic and database writes for nothing.
    @Test
    void changeOfStatusAloneIsNotSent() {
        cloud.pod("web");
        cloud.sent();

        patch(pod("web"), "status", "{\"status\":{\"phase\":\"Running\"}}");
        assertThat(cloud.sent()).isEmpty();

        patch(pod("web"), "", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        assertThat(cloud.sentRoutes()).containsExactly("update node/edge-1/default/pod/web");
    }

    @Test
    void conditionThatIsAReadinessGateIsSent() {
        cloud.pod(
                "web",
                tree(
                        "nodeName",
                        Cloud.NODE,
                        "readinessGates",
                        List.of(tree("conditionType", "example.com/tested")),
                        "containers",
                        List.of(tree("name", "web"))));
        cloud.sent();

        patch(pod("web"), "status", "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}]}}");
        assertThat(cloud.sent()).isEmpty();

        patch(
                pod("web"),
                "status",
                "{\"status\":{\"conditions\":[{\"type\":\"example.com/tested\",\"status\":\"True\"}]}}");
        assertThat(cloud.sentRoutes()).containsExactly("update node/edge-1/default/pod/web");
    }

    @Test
    void gracefulDeletionGoesAsUpdateAndTheEndAsDelete() {
        cloud.pod("web");
        cloud.sent();

        cloud.store.delete(pod("web"), DeleteOptions.NONE);
        assertThat(cloud.sentRoutes()).containsExactly("update node/edge-1/default/pod/web");

        cloud.store.delete(pod("web"), DeleteOptions.NOW);
        assertThat(cloud.sentRoutes()).containsExactly("delete node/edge-1/default/pod/web");
    }

    @Test
    void deletionThatIsHurriedIsSentAgain() {
        cloud.pod("web");
        cloud.store.delete(pod("web"), grace(300));
        cloud.sent();

        cloud.store.delete(pod("web"), grace(5));

        assertThat(cloud.sent())
                .singleElement()
                .satisfies(message -> assertThat(
                                Json.object(message.content()).number(0, "metadata", "deletionGracePeriodSeconds"))
                        .isEqualTo(5));
    }

    private static DeleteOptions grace(long seconds) {
        return new DeleteOptions(OptionalLong.of(seconds), "", "", DeleteOptions.Propagation.BACKGROUND, false);
    }

    @Test
    void configMapGoesToTheNodesWhosePodsNeedIt() {
        cloud.podWithConfig("web", "settings");
        cloud.sent();

        cloud.configMap("settings");
        cloud.configMap("unrelated");
        assertThat(cloud.sentRoutes()).containsExactly("insert node/edge-1/default/configmap/settings");

        patch(new ObjectKey(Kinds.CONFIG_MAP, "default", "settings"), "", "{\"data\":{\"a\":\"2\"}}");
        assertThat(cloud.sentRoutes()).containsExactly("update node/edge-1/default/configmap/settings");

        cloud.store.delete(new ObjectKey(Kinds.CONFIG_MAP, "default", "settings"), DeleteOptions.NONE);
        assertThat(cloud.sentRoutes()).containsExactly("delete node/edge-1/default/configmap/settings");
    }

    @Test
    void newSecretGoesAsUpdateLikeItsPeerSendsIt() {
        cloud.pod(
                "web",
                tree(
                        "nodeName",
                        NODE,
                        "containers",
                        List.of(),
                        "volumes",
                        List.of(tree("name", "v", "secret", tree("secretName", "key")))));
        cloud.sent();

        cloud.store.create(
                Kinds.SECRET, "default", KubeObject.of(tree("metadata", tree("name", "key"))), WriteOptions.NONE);

        assertThat(cloud.sentRoutes()).containsExactly("update node/edge-1/default/secret/key");
    }

    // Somebody changed a ConfigMap while no pod used it: the node that holds a copy from earlier must not keep the old
    // one.
    @Test
    void configMapChangesReachANodeThatHasItFromEarlier() {
        KubeObject map = cloud.configMap("settings");
        cloud.synced(NODE, map, map.resourceVersion());
        cloud.sent();

        patch(new ObjectKey(Kinds.CONFIG_MAP, "default", "settings"), "", "{\"data\":{\"a\":\"2\"}}");

        assertThat(cloud.sentRoutes()).containsExactly("update node/edge-1/default/configmap/settings");
    }

    @Test
    void deletedNodeEndsItsSessionAndItsRecordsGo() {
        KubeObject pod = cloud.pod("web");
        cloud.synced(NODE, pod, pod.resourceVersion());
        cloud.sent();

        cloud.store.delete(ObjectKey.of(Kinds.NODE, NODE), DeleteOptions.NONE);

        assertThat(cloud.sentRoutes()).containsExactly("delete node/edge-1/namespace/node/edge-1");
        assertThat(cloud.store
                        .list(Kinds.OBJECT_SYNC, "", io.skep.kube.api.ListOptions.ALL)
                        .items())
                .isEmpty();
    }

    @Test
    void nothingIsSentToANodeWithoutASession() {
        cloud.disconnect(NODE);

        cloud.pod("web");

        assertThat(cloud.sent()).isEmpty();
    }

    @Test
    void expiredWatchListsAgainAndFindsWhatItMissed() {
        cloud.pod("web");
        cloud.sent();

        cloud.store.closeWatches(Status.of(Status.EXPIRED, 410, "compacted"));
        cloud.pod("late");
        cloud.context.advance(Duration.ofSeconds(2));

        assertThat(cloud.sentRoutes()).contains("insert node/edge-1/default/pod/late");
    }

    @Test
    void watchResumesWhereItBroke() {
        cloud.pod("web");
        cloud.sent();
        cloud.store.closeWatches(Status.of(Status.SERVICE_UNAVAILABLE, 503, "restarting"));
        cloud.store.delete(pod("web"), DeleteOptions.NOW);

        cloud.context.advance(Duration.ofSeconds(2));

        assertThat(cloud.sentRoutes()).containsExactly("delete node/edge-1/default/pod/web");
    }

    // The promise of autonomy: a pod leaves the node only by an explicit delete.
    @Test
    void emptyOrFailedListDeletesNothing() {
        KubeObject pod = cloud.pod("web");
        cloud.synced(NODE, pod, pod.resourceVersion());
        cloud.sent();

        cloud.store.hideFromLists(true);
        cloud.store.closeWatches(Status.of(Status.EXPIRED, 410, "compacted"));
        cloud.context.advance(Duration.ofMinutes(1));
        cloud.store.failLists(true);
        cloud.store.closeWatches(Status.of(Status.EXPIRED, 410, "compacted"));
        cloud.context.advance(Duration.ofMinutes(1));

        assertThat(cloud.sentRoutes()).noneMatch(r -> r.startsWith("delete"));
    }

    @Test
    void podDeletedWhileTheWatchWasLostIsDeletedOnTheNode() {
        cloud.pod("web");
        cloud.sent();

        cloud.store.expireHistory();
        cloud.context.runWork();
        cloud.store.failLists(true);
        cloud.store.closeWatches(Status.of(Status.EXPIRED, 410, "compacted"));
        cloud.context.runWork();
        cloud.store.delete(pod("web"), DeleteOptions.NOW);
        cloud.store.failLists(false);
        cloud.context.advance(Duration.ofSeconds(5));

        assertThat(cloud.sentRoutes()).contains("delete node/edge-1/default/pod/web");
    }

    @Test
    void moduleBecomesHealthyOnceEverythingIsListed() {
        Cloud fresh = new Cloud();
        fresh.store.failLists(true);
        fresh.start();
        assertThat(fresh.module.health().ok()).isFalse();

        fresh.store.failLists(false);
        fresh.context.advance(Duration.ofSeconds(5));

        assertThat(fresh.module.health().ok()).isTrue();
    }
}
