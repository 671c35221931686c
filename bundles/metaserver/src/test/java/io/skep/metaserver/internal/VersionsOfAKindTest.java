package io.skep.metaserver.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.ResourceKind;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Custom resources that are served in more than one version, or whose plural is no plain one. */
class VersionsOfAKindTest {

    private static final ResourceKind PUMP = kind("v1", "Pump", "pumps");
    private static final ResourceKind FORMER = kind("v1beta1", "Pump", "pumps");
    private static final ResourceKind BOX = kind("v1", "Box", "boxes");

    private final Node node = new Node();
    private WatchedCloud cloud;

    private static final ResourceKind NAMESAKE = kind("other.org", "v1", "Pump", "pumps");

    private static ResourceKind kind(String version, String kind, String plural) {
        return kind("example.org", version, kind, plural);
    }

    private static ResourceKind kind(String group, String version, String kind, String plural) {
        return new ResourceKind(group, version, kind, plural, "", true, List.of(), List.of(), List.of("status"));
    }

    private static KubeObject object(ResourceKind kind, String name) {
        return Node.object(kind, Node.NS, name, "uid-" + name);
    }

    @BeforeEach
    void bothVersionsAreKnown() {
        cloud = new WatchedCloud(node, PUMP);
        cloud.define(PUMP);
        cloud.define(FORMER);
        cloud.define(NAMESAKE);
        node.started();
        cloud.put(object(PUMP, "a"));
    }

    private List<String> names(ResourceKind kind) {
        return node.names(kind, ListOptions.ALL);
    }

    @Test
    void readOfAnotherVersionWithoutACloudLeavesAWatchAlone() {
        RecordingWatcher watcher = node.watch(PUMP, ListOptions.ALL);
        assertThat(watcher.nextLine()).isEqualTo("ADDED a");
        names(FORMER);
        node.cloud = Cloud.AWAY;

        assertThat(names(FORMER)).containsExactly("a");

        assertThat(watcher.isQuiet()).isTrue();
        assertThat(names(PUMP)).containsExactly("a");
    }

    // MetaManager has one place for all versions, and there is the one that came last.
    @Test
    void objectThatComesInAnotherVersionIsNotGone() {
        RecordingWatcher watcher = node.watch(PUMP, ListOptions.ALL);
        assertThat(watcher.nextLine()).isEqualTo("ADDED a");

        node.keep("default/pump/a", object(FORMER, "a"));
        assertThat(watcher.isQuiet()).isTrue();
        node.cloud = Cloud.AWAY;
        assertThat(node.store().get(new ObjectKey(FORMER, Node.NS, "a")).apiVersion())
                .isEqualTo("example.org/v1beta1");
        node.forget("default/pump/a");

        assertThat(watcher.nextLine()).isEqualTo("DELETED a");
        assertThat(names(PUMP)).isEmpty();
    }

    // Of two that come at a time the node sees the row of the last.
    @Test
    void whatCameInOneVersionIsAskedForInTheOther() {
        RecordingWatcher watcher = node.watch(PUMP, ListOptions.ALL);
        RecordingWatcher former = node.watch(FORMER, ListOptions.ALL);
        assertThat(watcher.nextLine() + former.nextLine()).isEqualTo("ADDED aADDED a");

        cloud.put(object(PUMP, "b"));
        assertThat(watcher.nextLine()).isEqualTo("ADDED b");
        assertThat(former.isQuiet()).isTrue();
        node.context.advance(Subscriptions.TELL_SOON);
        node.context.runWork();

        assertThat(former.nextLine()).isEqualTo("ADDED b");
        assertThat(watcher.isQuiet()).isTrue();
    }

    @Test
    void objectOfAnotherGroupThatTakesTheRowDoesNotEndTheFirst() {
        RecordingWatcher watcher = node.watch(PUMP, ListOptions.ALL);
        RecordingWatcher other = node.watch(NAMESAKE, ListOptions.ALL);
        assertThat(watcher.nextLine() + other.nextLine()).isEqualTo("ADDED aADDED a");

        node.keep("default/pump/a", object(NAMESAKE, "a").with("8", "metadata", "resourceVersion"));

        assertThat(other.nextLine()).isEqualTo("MODIFIED a");
        assertThat(watcher.isQuiet()).isTrue();
    }

    // KubeEdge's cloud makes the name of a kind from its plural: Box is "boxe".
    @Test
    void objectWhoseKindHasAnOddPluralGoesToo() {
        WatchedCloud boxes = new WatchedCloud(node, BOX);
        boxes.define(BOX);
        node.context.advance(NodeKinds.FRESH);
        node.store().kinds();
        node.context.runWork();
        node.keep("default/boxe/b", object(BOX, "b"));

        RecordingWatcher watcher = node.watch(BOX, ListOptions.ALL);

        assertThat(watcher.isQuiet()).isTrue();
        node.cloud = Cloud.AWAY;
        assertThat(names(BOX)).isEmpty();
    }
}
