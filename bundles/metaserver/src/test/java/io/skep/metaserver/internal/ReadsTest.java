package io.skep.metaserver.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.memory.NodeMemory;
import io.skep.core.api.store.DocumentStore;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ReadsTest {

    private final Node node = new Node().started();

    private static void assertReason(ThrowingCallable call, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void rowsThatWereThereBeforeTheStartAreServed() {
        Node later = new Node();
        later.keep("default/pod/web", Node.pod("web", "u1", Map.of()));

        later.started();

        assertThat(later.pod("web").uid()).isEqualTo("u1");
    }

    @Test
    void listIsOrderedAndSelectedByLabelNamespaceAndField() {
        node.keep("default/pod/b", Node.pod("b", "1", Map.of("app", "x")));
        node.keep("default/pod/a", Node.pod("a", "2", Map.of("app", "y")));
        node.keep("kube-system/pod/c", Node.object(Kinds.POD, "kube-system", "c", "3"));

        assertThat(node.names(Kinds.POD, ListOptions.ALL)).containsExactly("a", "b");
        assertThat(node.store().list(Kinds.POD, "", ListOptions.ALL).items())
                .extracting(KubeObject::name)
                .containsExactly("a", "b", "c");
        assertThat(node.names(Kinds.POD, ListOptions.ALL.withLabels(Selector.parse("app in (x)"))))
                .containsExactly("b");
        assertThat(node.names(Kinds.POD, ListOptions.ALL.withFields(Selector.equalTo("metadata.name", "a"))))
                .containsExactly("a");
        assertThat(node.names(
                        Kinds.POD,
                        ListOptions.ALL.withFields(Selector.parse("spec.nodeName=worker,status.phase!=Failed"))))
                .containsExactly("a", "b");
    }

    @Test
    void clusterObjectsHaveNoNamespaceWhateverTheirRowSays() {
        node.keep("default/node/worker", Node.object(Kinds.NODE, "", "worker", "n1"));

        assertThat(node.store().get(ObjectKey.of(Kinds.NODE, "worker")).uid()).isEqualTo("n1");
    }

    // A KubeEdge cloud sends some objects without apiVersion and kind.
    @Test
    void objectThatDoesNotSayWhatItIsIsKnownByItsRow() {
        node.row("default/configmap/c", "", "", Map.of("metadata", Map.of("name", "c", "namespace", Node.NS)));

        KubeObject found = node.store().get(new ObjectKey(Kinds.CONFIG_MAP, Node.NS, "c"));

        assertThat(found.apiVersion() + " " + found.kind()).isEqualTo("v1 ConfigMap");
    }

    @Test
    void whatIsNoObjectOfTheApiIsNotShown() {
        node.row("default/serviceaccounttoken/x", "authentication.k8s.io/v1", "TokenRequest", Map.of());
        node.row("default/volume/v", "", "", "OK");
        node.disk.put(NodeMemory.COLLECTION, "default/pod/torn", DocumentStore.ANY, "{\"type\":");
        node.changed("default/pod/torn");
        node.keep("default/pod/web", Node.pod("web", "u1", Map.of()));

        assertThat(node.store().list(Kinds.POD, "", ListOptions.ALL).items()).hasSize(1);
    }

    @Test
    void statusOfAPodIsTheOneItsNodeStates() {
        node.state("default/podpatch/web", Node.phase("u1", "Running"));
        node.keep("default/pod/web", Node.pod("web", "u1", Map.of()));

        assertThat(node.pod("web").status().text("phase")).isEqualTo("Running");
    }

    @Test
    void statusStatedOfAFormerPodOfTheNameIsNotTakenForItsSuccessors() {
        node.keep("default/pod/web", Node.pod("web", "u2", Map.of()));
        node.state("default/podpatch/web", Node.phase("u1", "Failed"));

        assertThat(node.pod("web").status().text("phase")).isEqualTo("Pending");
    }

    @Test
    void statementUnsaysFieldsAndLeavesOthersConditions() {
        node.keep(
                "default/pod/web",
                Node.pod("web", "u1", Map.of())
                        .with("Evicted", "status", "reason")
                        .with(
                                List.of(
                                        Map.of("type", "Ready", "status", "False", "reason", "Old"),
                                        Map.of("type", "example.org/gate", "status", "True")),
                                "status",
                                "conditions"));
        node.state(
                "default/podpatch/web",
                "{\"status\":{\"reason\":null,\"$setElementOrder/conditions\":[{\"type\":\"Ready\"}],\"conditions\":"
                        + "[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":null}],"
                        + "\"podIPs\":[{\"ip\":\"10.0.0.2\"},{\"$patch\":\"delete\",\"ip\":\"10.0.0.1\"}]}}");

        assertThat(node.pod("web").status().asMap())
                .isEqualTo(Map.of(
                        "phase",
                        "Pending",
                        "conditions",
                        List.of(
                                Map.of("type", "example.org/gate", "status", "True"),
                                Map.of("type", "Ready", "status", "True")),
                        "podIPs",
                        List.of(Map.of("ip", "10.0.0.2"))));
    }

    @Test
    void nodesOwnStatusOutlivesTheCloudsVerdict() {
        node.keep(
                "default/node/worker",
                Node.object(Kinds.NODE, "", "worker", "n1")
                        .with(List.of(Map.of("type", "Ready", "status", "Unknown")), "status", "conditions"));
        node.state(
                "default/nodepatch/worker", "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");

        assertThat(node.store().get(ObjectKey.of(Kinds.NODE, "worker")).status().objects("conditions"))
                .extracting(condition -> condition.text("status"))
                .containsExactly("True");
    }

    @Test
    void whatIsHereIsAnsweredWithoutTheCloud() {
        Cloud cloud = Cloud.approving("{}");
        node.cloud = cloud;
        node.keep("default/pod/web", Node.pod("web", "u1", Map.of()));

        node.pod("web");
        node.names(Kinds.POD, ListOptions.ALL);
        node.names(Kinds.CONFIG_MAP, ListOptions.ALL);

        assertThat(cloud.asked()).isEmpty();
    }

    @Test
    void whatIsNotHereTheCloudIsAskedFor() {
        Cloud cloud = Cloud.approving("{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}}");
        node.cloud = cloud;

        KubeObject found = node.store().get(new ObjectKey(Kinds.CONFIG_MAP, Node.NS, "c"));

        assertThat(found.name()).isEqualTo("c");
        assertThat(cloud.application().text("Key")).isEqualTo("/core/v1/configmaps/default/c");
        assertThat(cloud.application().text("Verb")).isEqualTo("get");
    }

    @Test
    void kindThatTheNodeIsNotToldOfIsListedByTheCloud() {
        Cloud cloud = Cloud.approving(
                "{\"metadata\":{\"resourceVersion\":\"9\",\"continue\":\"more\"},\"items\":[{\"metadata\":{\"name\":\"default\"}}]}");
        node.cloud = cloud;

        KubeList found =
                node.store().list(Kinds.NAMESPACE, "", ListOptions.ALL.withLabels(Selector.parse("a=b,c in (d,e)")));

        assertThat(found.continueToken()).isEqualTo("more");
        assertThat(found.items())
                .extracting(object -> object.kind() + " " + object.name())
                .containsExactly("Namespace default");
        assertThat(cloud.application().text("Key")).isEqualTo("/core/v1/namespaces/null/null");
        assertThat(cloud.option()).isEqualTo("{\"labelSelector\":\"a=b,c in (d,e)\"}");
    }

    @Test
    void withoutACloudOrItsAnswerReadsAreAnsweredFromWhatIsHereAndTheRestIsUnknown() {
        ObjectKey key = new ObjectKey(Kinds.CONFIG_MAP, Node.NS, "c");
        node.keep("default/lease/worker", Node.object(Kinds.LEASE, Node.NS, "worker", "l1"));

        for (var cloud : List.of(
                Cloud.AWAY, Cloud.refusing(Status.SERVICE_UNAVAILABLE, 503, "no dynamiccontroller"), Cloud.SILENT)) {
            node.cloud = cloud;
            assertReason(() -> node.store().get(key), Status.SERVICE_UNAVAILABLE);
            assertReason(() -> node.pod("none"), Status.NOT_FOUND);
            assertReason(() -> node.store().list(Kinds.NAMESPACE, "", ListOptions.ALL), Status.SERVICE_UNAVAILABLE);
            assertThat(node.names(Kinds.LEASE, ListOptions.ALL)).containsExactly("worker");
            assertThat(node.store()
                            .get(new ObjectKey(Kinds.LEASE, Node.NS, "worker"))
                            .uid())
                    .isEqualTo("l1");
        }
    }

    @Test
    void cloudThatDoesNotAnswerIsNotAskedToReadForAWhile() {
        node.cloud = Cloud.SILENT;
        assertUnknown();
        Cloud cloud = Cloud.approving("{\"items\":[]}");
        node.cloud = cloud;

        assertUnknown();
        node.context.advance(Applications.QUIET.minusSeconds(1));
        assertUnknown();
        assertThat(cloud.asked()).isEmpty();
        node.context.advance(Duration.ofSeconds(1));
        assertThat(node.names(Kinds.NAMESPACE, ListOptions.ALL)).isEmpty();

        assertThat(cloud.asked()).hasSize(1);
    }

    @Test
    void anyAnswerAndANewLinkEndTheQuiet() {
        Cloud cloud = Cloud.approving("{\"items\":[]}");
        node.cloud = Cloud.SILENT;
        assertUnknown();

        node.linkReturns();
        node.cloud = cloud;
        node.names(Kinds.NAMESPACE, ListOptions.ALL);
        assertThat(cloud.asked()).hasSize(1);

        node.cloud = Cloud.SILENT;
        node.context.advance(Duration.ofSeconds(1));
        assertUnknown();
        node.cloud = cloud;
        node.store().delete(new ObjectKey(Kinds.CONFIG_MAP, Node.NS, "c"), DeleteOptions.NONE);
        node.names(Kinds.NAMESPACE, ListOptions.ALL);
        assertThat(cloud.asked()).hasSize(3);
    }

    @Test
    void requestThatWasLostWithItsLinkSaysNothingOfTheCloud() {
        Cloud cloud = Cloud.approving("{\"items\":[]}");
        node.cloud = question -> {
            node.cloud = cloud;
            node.linkReturns();
            node.context.advance(Duration.ofSeconds(10));
            return Cloud.SILENT.apply(question);
        };
        assertUnknown();

        node.names(Kinds.NAMESPACE, ListOptions.ALL);

        assertThat(cloud.application().text("Verb")).isEqualTo("list");
    }

    private void assertUnknown() {
        assertReason(() -> node.names(Kinds.EVENT, ListOptions.ALL), Status.SERVICE_UNAVAILABLE);
    }

    @Test
    void refusalOfTheCloudIsPassedOn() {
        node.cloud = Cloud.refusing("Forbidden", 403, "not yours");

        assertReason(() -> node.store().get(new ObjectKey(Kinds.SECRET, Node.NS, "s")), Status.FORBIDDEN);
        assertReason(() -> node.store().list(Kinds.EVENT, Node.NS, ListOptions.ALL), Status.FORBIDDEN);
    }

    @Test
    void whatTheCloudOnceAnsweredIsAnsweredWithoutItAlsoAfterARestart() {
        ListOptions labelled = ListOptions.ALL.withLabels(Selector.parse("a=b"));
        ObjectKey key = ObjectKey.of(Kinds.NAMESPACE, "one");
        node.cloud = Cloud.approving("{\"metadata\":{\"name\":\"one\",\"uid\":\"u1\",\"resourceVersion\":\"3\"}}");
        node.store().get(key);
        node.cloud = Cloud.approving(
                "{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[{\"metadata\":{\"name\":\"two\"}}]}");
        node.store().list(Kinds.NAMESPACE, "", ListOptions.ALL);
        node.cloud = Cloud.approving("{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[]}");
        node.store().list(Kinds.RUNTIME_CLASS, "", labelled);
        node.module.stop();
        node.cloud = Cloud.AWAY;

        node.started();

        assertThat(node.store().get(key).uid()).isEqualTo("u1");
        assertThat(node.store().list(Kinds.NAMESPACE, "", ListOptions.ALL).items())
                .extracting(KubeObject::name)
                .containsExactly("two");
        assertThat(node.store().list(Kinds.RUNTIME_CLASS, "", labelled).items()).isEmpty();
        assertReason(() -> node.store().list(Kinds.RUNTIME_CLASS, "", ListOptions.ALL), Status.SERVICE_UNAVAILABLE);
    }

    // What the node may have of these it is sent; the rest is not for its disk.
    @Test
    void answersThatMayBeConfidentialAreNotKept() {
        ObjectKey key = new ObjectKey(Kinds.SECRET, Node.NS, "s");
        node.cloud = Cloud.approving("{\"metadata\":{\"name\":\"s\"}}");
        node.store().get(key);
        node.cloud = Cloud.AWAY;

        assertReason(() -> node.store().get(key), Status.SERVICE_UNAVAILABLE);
    }
}
