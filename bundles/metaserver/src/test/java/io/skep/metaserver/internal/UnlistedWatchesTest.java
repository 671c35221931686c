package io.skep.metaserver.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.Status;
import org.junit.jupiter.api.Test;

/** Watches of what the cloud cannot list, over which KubeEdge's does harm to all nodes. */
class UnlistedWatchesTest {

    private final Node node = new Node().started();
    private final WatchedCloud cloud = new WatchedCloud(node);

    private static KubeObject event(String name) {
        return Node.object(Kinds.EVENT, Node.NS, name, "uid-" + name);
    }

    private RecordingWatcher watch() {
        return node.watch(Kinds.EVENT, ListOptions.ALL);
    }

    private void linkBack() {
        node.linkReturns();
        node.context.runWork();
    }

    @Test
    void whatTheCloudMayNotListItIsNotAskedToWatch() {
        cloud.refuseLists(
                "events is forbidden: User \"cloudcore\" cannot list resource \"events\" at the cluster scope");

        assertThatThrownBy(() -> watch())
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.reason()).isEqualTo(Status.FORBIDDEN));

        assertThat(cloud.harm()).isEmpty();
    }

    @Test
    void watchOfAKindThatIsNoMoreEndsBeforeTheCloudIsToldOfIt() {
        RecordingWatcher watcher = watch();
        cloud.forgetWatches();

        cloud.refuseLists("the server could not find the requested resource");
        linkBack();

        assertThat(watcher.end().reason()).isEqualTo(Status.NOT_FOUND);
        assertThat(cloud.harm()).isEmpty();
    }

    @Test
    void watchWaitsForACloudThatHasNoServerToAsk() {
        RecordingWatcher watcher = watch();
        cloud.forgetWatches();
        cloud.refuseLists("Get \"https://127.0.0.1:6443/api/v1/events\": dial tcp 127.0.0.1:6443: connection refused");
        linkBack();
        assertThat(cloud.harm()).isEmpty();

        cloud.refuseNothing();
        node.context.advance(Subscriptions.TELL_AGAIN);
        cloud.put(event("a"));

        assertThat(cloud.watched()).hasSize(1);
        assertThat(watcher.nextLine()).isEqualTo("ADDED a");
    }
}
