package io.skep.metaserver.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads without a cloud of parts of what it once listed. */
class PartialReadsTest {

    private final Node node = new Node().started();
    private final WatchedCloud cloud = new WatchedCloud(node);

    @BeforeEach
    void everythingIsThere() {
        cloud.put(event("a", "x"));
        cloud.put(event("b", "y"));
    }

    private static KubeObject event(String name, String app) {
        return Node.object(Kinds.EVENT, Node.NS, name, "uid-" + name).with(Map.of("app", app), "metadata", "labels");
    }

    private void listAndRestartWithoutACloud(String namespace) {
        node.store().list(Kinds.EVENT, namespace, ListOptions.ALL);
        node.module.stop();
        node.cloud = Cloud.AWAY;
        node.started();
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(Kinds.EVENT, Node.NS, name);
    }

    @Test
    void namespaceAndLabelsOfAListAreKnownWithIt() {
        listAndRestartWithoutACloud("");

        assertThat(node.names(Kinds.EVENT, ListOptions.ALL)).containsExactly("a", "b");
        assertThat(node.names(Kinds.EVENT, ListOptions.ALL.withLabels(Selector.parse("app=y"))))
                .containsExactly("b");
        assertThat(node.store().list(Kinds.EVENT, "other", ListOptions.ALL).items())
                .isEmpty();
    }

    @Test
    void objectOfAListIsKnownWithIt() {
        listAndRestartWithoutACloud(Node.NS);

        assertThat(node.store().get(key("a")).uid()).isEqualTo("uid-a");
        assertThatThrownBy(() -> node.store().get(key("c")))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.reason()).isEqualTo(Status.SERVICE_UNAVAILABLE));
    }

    @Test
    void listOfOneNamespaceSaysNothingOfAll() {
        cloud.delete("a");
        cloud.delete("b");
        listAndRestartWithoutACloud(Node.NS);

        assertThat(node.names(Kinds.EVENT, ListOptions.ALL)).isEmpty();
        assertThatThrownBy(() -> node.store().list(Kinds.EVENT, "", ListOptions.ALL))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.reason()).isEqualTo(Status.SERVICE_UNAVAILABLE));
    }

    private static String page(String next, String name) {
        return "{\"metadata\":{\"resourceVersion\":\"9\",\"continue\":\"" + next
                + "\"},\"items\":[{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"default\"}}]}";
    }

    private void fetch(String token, String next, String name) {
        node.cloud = Cloud.approving(page(next, name));
        node.store().list(Kinds.EVENT, Node.NS, new ListOptions(Selector.ALL, Selector.ALL, "", 1, token, false));
    }

    @Test
    void listThatCameInPagesIsKnownWhole() {
        fetch("", "more", "one");
        fetch("more", "yet more", "two");
        fetch("yet more", "", "three");
        node.cloud = Cloud.AWAY;

        assertThat(node.names(Kinds.EVENT, ListOptions.ALL)).containsExactly("one", "three", "two");
    }

    @Test
    void listOfWhichAPageIsMissingIsNotKnown() {
        fetch("", "more", "one");
        fetch("yet more", "", "three");
        fetch("yet more", "", "three");
        node.cloud = Cloud.AWAY;

        assertThatThrownBy(() -> node.names(Kinds.EVENT, ListOptions.ALL)).isInstanceOf(KubeException.class);
    }
}
