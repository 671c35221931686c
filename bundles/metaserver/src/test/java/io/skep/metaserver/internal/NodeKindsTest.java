package io.skep.metaserver.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Kinds that only the cloud knows of. */
class NodeKindsTest {

    private static final ResourceKind DEVICE = new ResourceKind(
            "devices.kubeedge.io",
            "v1beta1",
            "Device",
            "devices",
            "device",
            true,
            List.of("dev"),
            List.of(),
            List.of("status"));
    private static final ResourceKind WIDGET = new ResourceKind(
            "example.org", "v1", "Widget", "widgets", "widget", false, List.of(), List.of(), List.of("status"));

    private final Node node = new Node();

    private WatchedCloud cloud() {
        WatchedCloud cloud = new WatchedCloud(node, DEVICE);
        cloud.define(DEVICE);
        cloud.define(WIDGET);
        return cloud;
    }

    private static KubeObject device(String name) {
        return Node.object(DEVICE, Node.NS, name, "uid-" + name);
    }

    @Test
    void definitionsOfTheCloudAreServed() {
        cloud();

        node.started();

        assertThat(node.store().kinds())
                .containsAll(Kinds.ALL)
                .contains(DEVICE, WIDGET, NodeKinds.DEFINITION)
                .doesNotContain(NodeKinds.SERVICE);
    }

    @Test
    void kindThatTheCloudListsIsServedThoughNobodyDefinesIt() {
        new WatchedCloud(node, NodeKinds.SERVICE);

        node.started();

        assertThat(node.store().kinds()).contains(NodeKinds.SERVICE);
    }

    @Test
    void customResourceIsReadWatchedAndRemembered() {
        WatchedCloud cloud = cloud();
        node.started();
        cloud.put(device("a"));

        assertThat(node.names(DEVICE, ListOptions.ALL)).containsExactly("a");
        RecordingWatcher watcher = node.watch(DEVICE, ListOptions.ALL);
        cloud.put(device("b"));
        assertThat(watcher.nextLine() + watcher.nextLine()).isEqualTo("ADDED aADDED b");

        node.module.stop();
        node.cloud = Cloud.AWAY;
        node.started();
        assertThat(node.store().kinds()).contains(DEVICE);
        assertThat(node.names(DEVICE, ListOptions.ALL)).containsExactly("a", "b");
        assertThat(node.store().get(new ObjectKey(DEVICE, Node.NS, "b")).uid()).isEqualTo("uid-b");
    }

    // MetaManager was sent it before this MetaServer knew the kind.
    @Test
    void rowOfAKindIsShownOnceTheKindIsKnown() {
        node.started();
        node.keep("default/device/a", device("a"));
        cloud();

        node.linkReturns();
        node.context.runWork();
        node.cloud = Cloud.AWAY;

        assertThat(node.names(DEVICE, ListOptions.ALL)).containsExactly("a");
    }

    @Test
    void cloudThatShowsNoDefinitionsLeavesTheBuiltInKinds() {
        WatchedCloud cloud = cloud();
        cloud.refuse(Status.FORBIDDEN, 403);

        node.started();

        assertThat(node.store().kinds()).containsExactlyElementsOf(Kinds.ALL);
    }

    @Test
    void cloudIsAskedAgainWhenAClientAsksAndNotOften() {
        WatchedCloud cloud = cloud();
        node.started();
        int asked = cloud.asked().size();

        node.context.advance(NodeKinds.FRESH.minusSeconds(1));
        node.store().kinds();
        node.linkReturns();
        node.context.runWork();
        assertThat(cloud.asked()).filteredOn(a -> !a.equals("sync")).hasSize(asked - 1);
        node.context.advance(NodeKinds.FRESH);
        assertThat(cloud.asked()).filteredOn(a -> !a.equals("sync")).hasSize(asked - 1);
        node.store().kinds();
        node.context.runWork();

        assertThat(cloud.asked().size()).isGreaterThan(asked);
    }

    // Whoever took the right away, the objects are there and each request is refused or not.
    @Test
    void definitionsThatMayNoLongerBeSeenAreRemembered() {
        WatchedCloud cloud = cloud();
        node.started();

        cloud.refuse(Status.FORBIDDEN, 403);
        askAgain();

        assertThat(node.store().kinds()).contains(DEVICE, WIDGET);
    }

    private void askAgain() {
        node.context.advance(NodeKinds.FRESH);
        node.store().kinds();
        node.context.runWork();
    }

    // As a server ends it: who watches lists anew, with the kind as it is now.
    @Test
    void watchOfAKindWhoseDefinitionChangesEnds() {
        WatchedCloud cloud = cloud();
        node.started();
        cloud.put(device("a"));
        RecordingWatcher watcher = node.watch(DEVICE, ListOptions.ALL);
        assertThat(watcher.nextLine()).isEqualTo("ADDED a");
        ResourceKind renamed = new ResourceKind(
                DEVICE.group(),
                DEVICE.version(),
                DEVICE.kind(),
                DEVICE.plural(),
                DEVICE.singular(),
                true,
                List.of("d"),
                List.of(),
                List.of("status"));

        cloud.undefine();
        cloud.define(renamed);
        askAgain();

        assertThat(watcher.end().reason()).isEqualTo(Status.EXPIRED);
        node.cloud = Cloud.AWAY;
        assertThat(node.names(renamed, ListOptions.ALL)).containsExactly("a");
        assertThat(node.watch(renamed, ListOptions.ALL).nextLine()).isEqualTo("ADDED a");
    }

    @Test
    void watchOfAKindThatIsNoMoreEnds() {
        WatchedCloud cloud = cloud();
        node.started();
        RecordingWatcher watcher = node.watch(DEVICE, ListOptions.ALL);

        cloud.undefine();
        askAgain();

        assertThat(watcher.end().reason()).isEqualTo(Status.EXPIRED);
    }
}
