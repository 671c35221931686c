package io.skep.edgecontroller.internal;

import static io.skep.kube.api.InMemoryResourceStore.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.WriteOptions;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class UpstreamTest {

    private static final String NEW_NODE = "{\"metadata\":{\"name\":\"edge-1\",\"labels\":"
            + "{\"node-role.kubernetes.io/edge\":\"\"}},\"spec\":{},\"status\":{\"capacity\":{\"cpu\":\"2\"}}}";

    private final Cloud cloud = Cloud.withNode();

    private Message ask(String operation, String resource, String json) {
        return cloud.onlyReply(cloud.says(operation, resource, json));
    }

    private KubeObject pod(String name) {
        return cloud.store.get(new ObjectKey(Kinds.POD, "default", name));
    }

    @Test
    void firstRegistrationIsAnsweredWithTheNodeAndNoError() {
        Cloud empty = new Cloud();
        empty.start();

        Message reply = empty.onlyReply(empty.says("insert", "default/node/edge-1", NEW_NODE));

        assertThat(reply.route().operation()).isEqualTo("response");
        assertThat(reply.route().source()).isEqualTo("edgecontroller");
        assertThat(reply.route().group()).isEqualTo("resource");
        assertThat(reply.route().resource()).isEqualTo("node/edge-1/default/node/edge-1");
        Answer content = new Answer(reply);
        assertThat(content.text("Object", "metadata", "uid")).isNotEmpty();
        assertThat(reply.content().json()).endsWith("\"Err\":null}");
        assertThat(empty.store.get(ObjectKey.of(Kinds.NODE, "edge-1")).status().text("capacity", "cpu"))
                .isEqualTo("2");
    }

    // The kubelet logic in the node goes on by this very reason.
    @Test
    void secondRegistrationIsAnsweredAlreadyExists() {
        Answer content = new Answer(ask("insert", "default/node/edge-1", NEW_NODE));

        assertThat(content.text("Err", "ErrStatus", "reason")).isEqualTo("AlreadyExists");
        assertThat(content.text("Err", "ErrStatus", "code")).isEqualTo("409");
        assertThat(content.text("Err", "ErrStatus", "details", "kind")).isEqualTo("nodes");
    }

    @Test
    void queryOfAnAbsentNodeIsAnsweredWithItsStatus() {
        Cloud empty = new Cloud();
        empty.start();

        Message reply = empty.onlyReply(empty.says("query", "default/node/edge-1", "null"));

        assertThat(reply.route().operation()).isEqualTo("response");
        assertThat(new Answer(reply).text("ErrStatus", "reason")).isEqualTo("NotFound");
    }

    @Test
    void queryOfANodeIsAnsweredWithItAndItsVersion() {
        Message reply = ask("query", "default/node/edge-1", "null");

        KubeObject node = cloud.store.get(ObjectKey.of(Kinds.NODE, "edge-1"));
        assertThat(new Answer(reply).text("metadata", "uid")).isEqualTo(node.uid());
        assertThat(reply.header().resourceVersion()).isEqualTo(node.resourceVersion());
    }

    @Test
    void nodePatchMayBeATextAndAnswersWithTheVersion() {
        String patch = Json.text("{\"status\":{\"capacity\":{\"cpu\":\"4\"}}}");

        Message reply = ask("patch", "default/nodepatch/edge-1", patch);

        KubeObject node = cloud.store.get(ObjectKey.of(Kinds.NODE, "edge-1"));
        assertThat(node.status().text("capacity", "cpu")).isEqualTo("4");
        assertThat(reply.header().resourceVersion()).isEqualTo(node.resourceVersion());
    }

    @Test
    void nodeUpdateMergesLabelsAndAnnotations() {
        Message reply = ask(
                "update",
                "default/node/edge-1",
                "{\"metadata\":{\"labels\":{\"room\":\"r1\"},\"annotations\":{\"a\":\"b\"}}}");

        assertThat(reply.content()).isEqualTo(Content.OK);
        assertThat(cloud.store.get(ObjectKey.of(Kinds.NODE, "edge-1")).labels())
                .containsEntry("room", "r1")
                .containsKey("node-role.kubernetes.io/edge");
    }

    @Test
    void nodeCannotSpeakForAnother() {
        cloud.node("edge-2");

        Answer content = new Answer(ask("patch", "default/nodepatch/edge-2", "{}"));

        assertThat(content.text("Err", "ErrStatus", "reason")).isEqualTo("Forbidden");
    }

    @Test
    void legacyNodeStatusIsAnsweredOkUnderTheNodesName() {
        Message reply = ask("update", "default/nodestatus/edge-1", "{\"UID\":\"\",\"Status\":{\"phase\":\"x\"}}");

        assertThat(reply.content()).isEqualTo(Content.OK);
        assertThat(reply.route().resource()).isEqualTo("node/edge-1/default/node/edge-1");
        assertThat(cloud.store.get(ObjectKey.of(Kinds.NODE, "edge-1")).status().text("phase"))
                .isEqualTo("x");
    }

    @Test
    void leaseIsMadeRenewedAndRead() {
        String lease = "{\"metadata\":{\"name\":\"edge-1\",\"namespace\":\"kube-node-lease\"},"
                + "\"spec\":{\"holderIdentity\":\"edge-1\"}}";

        assertThat(new Answer(ask("query", "kube-node-lease/lease/edge-1", "null")).text("Err", "ErrStatus", "reason"))
                .isEqualTo("NotFound");
        assertThat(new Answer(ask("insert", "kube-node-lease/lease/edge-1", lease)).text("Object", "metadata", "uid"))
                .isNotEmpty();
        Answer read = new Answer(ask("query", "kube-node-lease/lease/edge-1", "null"));
        assertThat(read.text("Object", "spec", "holderIdentity")).isEqualTo("edge-1");
        Answer stale = new Answer(ask(
                "update",
                "kube-node-lease/lease/edge-1",
                lease.replace("\"edge-1\",\"namespace\"", "\"edge-1\",\"resourceVersion\":\"1\",\"namespace\"")));
        assertThat(stale.text("Err", "ErrStatus", "reason")).isEqualTo("Conflict");
    }

    // EdgeCore sends this before it is registered; the real server's answer is in the recorded session.
    @Test
    void leaseOfAnOwnerWithoutUidIsInvalid() {
        Answer content = new Answer(ask(
                "insert",
                "kube-node-lease/lease/edge-1",
                "{\"metadata\":{\"ownerReferences\":[{\"kind\":\"Node\",\"name\":\"edge-1\",\"uid\":\"\"}]}}"));

        assertThat(content.text("Err", "ErrStatus", "code")).isEqualTo("422");
        assertThat(content.text("Err", "ErrStatus", "message"))
                .isEqualTo("Lease.coordination.k8s.io \"edge-1\" is invalid: metadata.ownerReferences.uid: "
                        + "Invalid value: \"\": uid must not be empty");
    }

    @Test
    void podPatchChangesTheStatus() {
        KubeObject pod = cloud.pod("web");
        cloud.sent();
        String patch = Json.text("{\"metadata\":{\"uid\":\"" + pod.uid() + "\"},\"status\":{\"phase\":\"Running\"}}");

        Message reply = ask("patch", "default/podpatch/web", patch);

        assertThat(pod("web").status().text("phase")).isEqualTo("Running");
        assertThat(reply.header().resourceVersion()).isEqualTo(pod("web").resourceVersion());
    }

    @Test
    void podPatchForAnEarlierPodOfTheNameIsAConflict() {
        cloud.pod("web");
        cloud.sent();

        Answer content = new Answer(ask(
                "patch", "default/podpatch/web", "{\"metadata\":{\"uid\":\"old\"},\"status\":{\"phase\":\"Failed\"}}"));

        assertThat(content.text("Err", "ErrStatus", "reason")).isEqualTo("Conflict");
        assertThat(pod("web").status().text("phase")).isEmpty();
    }

    // EdgeCore writes the answer into its database: a delete before it would leave the pod there for good.
    @Test
    void podThatIsBeingDeletedStaysUntilItsNodeAsks() {
        KubeObject pod = cloud.pod("web");
        cloud.store.delete(new ObjectKey(Kinds.POD, "default", "web"), DeleteOptions.NONE);
        cloud.sent();

        cloud.says(
                "patch",
                "default/podpatch/web",
                "{\"status\":{\"phase\":\"Succeeded\",\"containerStatuses\":"
                        + "[{\"name\":\"web\",\"state\":{\"running\":null,\"terminated\":{\"exitCode\":0}}}]}}");
        assertThat(pod("web").status().text("phase")).isEqualTo("Succeeded");
        assertThat(cloud.sentRoutes()).noneMatch(r -> r.startsWith("delete "));

        ask(
                "delete",
                "default/pod/web",
                "{\"gracePeriodSeconds\":0,\"preconditions\":{\"uid\":\"" + pod.uid() + "\"}}");
        Assertions.assertThatThrownBy(() -> pod("web")).isInstanceOf(KubeException.class);
    }

    @Test
    void legacyStatusOfAPodThatIsBeingDeletedEndsItWhenItsContainersEnded() {
        KubeObject pod = cloud.pod("web");
        cloud.store.delete(new ObjectKey(Kinds.POD, "default", "web"), DeleteOptions.NONE);
        cloud.sent();

        cloud.says(
                "update",
                "default/podstatus/web",
                "{\"UID\":\"" + pod.uid() + "\",\"Name\":\"web\",\"Status\":{\"phase\":\"Running\","
                        + "\"containerStatuses\":[{\"name\":\"web\",\"state\":{\"running\":{}}}]}}");
        assertThat(pod("web")).isNotNull();

        cloud.says(
                "update",
                "default/podstatus/web",
                "{\"UID\":\"" + pod.uid() + "\",\"Name\":\"web\",\"Status\":{\"phase\":\"Succeeded\","
                        + "\"containerStatuses\":[{\"name\":\"web\",\"state\":{\"terminated\":{\"exitCode\":0}}}]}}");

        Assertions.assertThatThrownBy(() -> pod("web")).isInstanceOf(KubeException.class);
        assertThat(cloud.sentRoutes()).contains("delete node/edge-1/default/pod/web");
    }

    @Test
    void podIsDeletedByItsNodeOnlyIfItIsStillTheSame() {
        KubeObject pod = cloud.pod("web");
        cloud.sent();

        Message other =
                ask("delete", "default/pod/web", "{\"gracePeriodSeconds\":0,\"preconditions\":{\"uid\":\"other\"}}");
        assertThat(other.content()).isEqualTo(Content.OK);
        assertThat(pod("web").uid()).isEqualTo(pod.uid());

        Message same = ask(
                "delete",
                "default/pod/web",
                "{\"gracePeriodSeconds\":0,\"preconditions\":{\"uid\":\"" + pod.uid() + "\"}}");
        assertThat(same.content()).isEqualTo(Content.OK);
        Message again = ask("delete", "default/pod/web", "\"" + pod.uid() + "\"");
        assertThat(again.content()).isEqualTo(Content.OK);
        Assertions.assertThatThrownBy(() -> pod("web")).isInstanceOf(KubeException.class);
    }

    @Test
    void legacyStatusOfAPodThatIsGoneIsAnsweredWithOkAndADelete() {
        Message request =
                cloud.says("update", "default/podstatus/web", "{\"UID\":\"u\",\"Name\":\"web\",\"Status\":{}}");

        List<Message> sent = cloud.sent();

        assertThat(sent)
                .anyMatch(m -> m.parentId().equals(request.id()) && m.content().equals(Content.OK));
        assertThat(sent)
                .anyMatch(m -> m.route().operation().equals("delete")
                        && m.route().resource().equals("node/edge-1/default/pod/web"));
    }

    @Test
    void configMapQueryIsAnsweredTypedAndWithItsVersion() {
        KubeObject map = cloud.configMap("settings");
        cloud.podWithConfig("web", "settings");
        cloud.sent();

        Message reply = ask("query", "default/configmap/settings", "null");

        assertThat(new Answer(reply).text("kind")).isEqualTo("ConfigMap");
        assertThat(reply.header().resourceVersion()).isEqualTo(map.resourceVersion());
    }

    // Among the secrets of a cluster are the keys its nodes are trusted by.
    @Test
    void nodeReadsOnlyWhatItsOwnPodsUse() {
        cloud.store.create(
                Kinds.SECRET, "kubeedge", KubeObject.of(tree("metadata", tree("name", "casecret"))), WriteOptions.NONE);
        cloud.configMap("others");

        assertThat(new Answer(ask("query", "kubeedge/secret/casecret", "null")).text("ErrStatus", "reason"))
                .isEqualTo("Forbidden");
        assertThat(new Answer(ask("query", "default/configmap/others", "null")).text("ErrStatus", "reason"))
                .isEqualTo("Forbidden");
    }

    @Test
    void pullSecretOfAPodsServiceAccountMayBeRead() {
        cloud.store.create(
                Kinds.SERVICE_ACCOUNT,
                "default",
                KubeObject.of(tree(
                        "metadata", tree("name", "default"), "imagePullSecrets", List.of(tree("name", "registry")))),
                WriteOptions.NONE);
        cloud.store.create(
                Kinds.SECRET, "default", KubeObject.of(tree("metadata", tree("name", "registry"))), WriteOptions.NONE);
        cloud.pod("web");
        cloud.sent();

        assertThat(new Answer(ask("query", "default/secret/registry", "null")).text("metadata", "name"))
                .isEqualTo("registry");
    }

    @Test
    void absentConfigMapThatAPodWaitsForIsNotFound() {
        cloud.podWithConfig("web", "late");
        cloud.sent();

        assertThat(new Answer(ask("query", "default/configmap/late", "null")).text("ErrStatus", "reason"))
                .isEqualTo("NotFound");
    }

    @Test
    void queryOfAKindTheStoreHasNotIsNotFound() {
        assertThat(new Answer(ask("query", "null/persistentvolume/pv-1", "null")).text("ErrStatus", "reason"))
                .isEqualTo("NotFound");
        assertThat(new Answer(ask("query", "default/volumeattachment/va", "null")).text("ErrStatus", "code"))
                .isEqualTo("404");
    }

    @Test
    void tokenIsGivenForTheAccountOfAPodOnThatNodeOnly() {
        cloud.store.create(
                Kinds.SERVICE_ACCOUNT,
                "default",
                KubeObject.of(tree("metadata", tree("name", "default"))),
                WriteOptions.NONE);
        String request =
                "{\"spec\":{\"expirationSeconds\":3607,\"boundObjectRef\":{\"kind\":\"Pod\",\"name\":\"web\"}}}";

        assertThat(new Answer(ask("query", "default/serviceaccounttoken/default", request)).text("ErrStatus", "reason"))
                .isEqualTo("Forbidden");
        cloud.pod("web");
        cloud.sent();
        Answer token = new Answer(ask("query", "default/serviceaccounttoken/default", request));

        assertThat(token.text("kind")).isEqualTo("TokenRequest");
        assertThat(token.text("status", "token")).isNotEmpty();
    }

    // The node keeps an event until it hears this; only what is stored is answered.
    @Test
    void eventIsAnsweredOnceItIsKept() {
        String event = "{\"metadata\":{\"name\":\"web.1\",\"namespace\":\"default\"},\"count\":1}";
        cloud.says("insert", "default/event/web.1", event);
        cloud.says("insert", "default/event/web.1", event.replace(":1}", ":2}"));
        cloud.says("patch", "default/event/web.1", "{\"event\":" + event + ",\"patchData\":\"{\\\"count\\\":3}\"}");

        assertThat(cloud.sent())
                .extracting(Message::content)
                .containsOnly(Content.OK)
                .hasSize(3);
        assertThat(cloud.store.list(Kinds.EVENT, "default", ListOptions.ALL).items())
                .singleElement()
                .satisfies(e -> assertThat(e.doc().number(0, "count")).isEqualTo(3));
    }

    @Test
    void unknownTypesAndOperationsAreCountedAndRefused() {
        Message reply = ask("delete", "default/node/edge-1", "null");

        assertThat(reply.route().operation()).isEqualTo("error");
        assertThat(reply.content()).isInstanceOf(Content.Failure.class);
        assertThat(reply.content().json()).contains("not supported yet");
        assertThat(ask("insert", "default/certificatesigningrequest/csr", "{}")
                        .route()
                        .operation())
                .isEqualTo("error");
        assertThat(cloud.module.samples())
                .anyMatch(s -> s.labels().equals(Map.of("outcome", "unsupported")) && s.value() == 2);
    }

    // Thousands of nodes that come back at once fill the hub's mailbox; none of them must wait for its answer in vain.
    @Test
    void answerTheHubHasNoRoomForIsOfferedAgain() {
        cloud.context.deliverAs(io.skep.core.api.bus.Delivery.REFUSED);
        Message question = cloud.says("query", "default/node/edge-1", "null");
        cloud.sent();
        cloud.context.deliverAs(io.skep.core.api.bus.Delivery.ACCEPTED);

        cloud.context.advance(java.time.Duration.ofMillis(200));

        assertThat(cloud.onlyReply(question).route().operation()).isEqualTo("response");
    }

    @Test
    void contentThatIsNoObjectIsABadRequest() {
        cloud.pod("web");
        cloud.sent();

        assertThat(new Answer(ask("patch", "default/podpatch/web", "[1]")).text("Err", "ErrStatus", "reason"))
                .isEqualTo("BadRequest");
        assertThat(new Answer(ask("insert", "default/node/edge-1", "\"{\"")).text("Err", "ErrStatus", "reason"))
                .isEqualTo("BadRequest");
    }

    /** The reply's content, read. */
    private record Answer(io.skep.kube.api.Doc doc) {
        Answer(Message reply) {
            this(Json.object(reply.content()));
        }

        String text(String... path) {
            return doc.text(path);
        }
    }
}
