package io.skep.metaserver.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WritesTest {

    private static final ObjectKey WEB = new ObjectKey(Kinds.POD, Node.NS, "web");

    private final Node node = new Node().started();

    private Cloud approving(String result) {
        Cloud cloud = Cloud.approving(result);
        node.cloud = cloud;
        return cloud;
    }

    private static String text(KubeObject object) {
        return Json.write(object.doc().asMap());
    }

    @Test
    void applicationIsWordedAsEdgeCoreWordsIt() {
        node.state("default/nodepatch/worker", "{\"status\":{}}");
        KubeObject pod = Node.pod("web", "u1", Map.of());
        Cloud cloud = approving(text(pod));

        node.store().create(Kinds.POD, Node.NS, pod, new WriteOptions(true, "kubectl", false));

        Message sent = cloud.asked().get(0);
        assertThat(sent.route()).isEqualTo(Route.of("metaserver", "dynamiccontroller", "null", "null"));
        assertThat(sent.header().sync()).isTrue();
        assertThat(cloud.application().asMap().keySet())
                .containsExactly(
                        "ID",
                        "Key",
                        "Verb",
                        "Nodename",
                        "Option",
                        "ReqBody",
                        "Subresource",
                        "RespBody",
                        "Status",
                        "Reason",
                        "Error",
                        "Timestamp");
        assertThat(cloud.application().text("ID")).matches("[0-9a-f]{64}");
        assertThat(cloud.application().text("Key")).isEqualTo("/core/v1/pods/default/web");
        assertThat(cloud.application().text("Verb")).isEqualTo("create");
        assertThat(cloud.application().text("Nodename")).isEqualTo("worker");
        assertThat(cloud.application().text("Status")).isEqualTo("InApplying");
        assertThat(new String(Base64.getDecoder().decode(cloud.application().text("ReqBody")), StandardCharsets.UTF_8))
                .isEqualTo(text(pod));
        assertThat(cloud.option()).isEqualTo("{\"dryRun\":[\"All\"],\"fieldManager\":\"kubectl\"}");
    }

    @Test
    void updateOfTheStatusIsAVerbOfItsOwn() {
        KubeObject lease = Node.object(Kinds.LEASE, "kube-node-lease", "worker", "l1");
        Cloud cloud = approving(text(lease));
        ObjectKey key = new ObjectKey(Kinds.LEASE, "kube-node-lease", "worker");

        KubeObject updated = node.store().update(key, "", lease, WriteOptions.NONE);
        String verb = cloud.application().text("Verb");
        node.store().update(key, "status", lease, WriteOptions.NONE);

        assertThat(updated).isEqualTo(lease);
        assertThat(cloud.application().text("Key")).isEqualTo("/coordination.k8s.io/v1/leases/kube-node-lease/worker");
        assertThat(verb).isEqualTo("update");
        assertThat(cloud.application().text("Verb")).isEqualTo("updatestatus");
    }

    @Test
    void patchGoesAsPatchInfo() {
        Cloud cloud = approving(text(Node.pod("web", "u1", Map.of())));
        Patch patch = new Patch(PatchType.MERGE, "{\"a\":1}");

        node.store().patch(WEB, "status", patch, new WriteOptions(false, "", true));

        assertThat(cloud.option())
                .isEqualTo("{\"Name\":\"web\",\"PatchType\":\"application/merge-patch+json\",\"Data\":\""
                        + Base64.getEncoder().encodeToString("{\"a\":1}".getBytes(StandardCharsets.UTF_8))
                        + "\",\"Options\":{\"force\":true},\"Subresources\":[\"status\"]}");
    }

    // The node forgets a pod when the cloud says it is gone, not when somebody wished it.
    @Test
    void deleteIsTheCloudsAndLeavesWhatIsHere() {
        node.keep("default/pod/web", Node.pod("web", "u1", Map.of()));
        Cloud cloud = approving("");

        KubeObject deleted = node.store()
                .delete(
                        WEB,
                        new DeleteOptions(OptionalLong.of(3), "u1", "", DeleteOptions.Propagation.FOREGROUND, false));

        assertThat(deleted.uid()).isEqualTo("u1");
        assertThat(cloud.option())
                .isEqualTo(
                        "{\"gracePeriodSeconds\":3,\"preconditions\":{\"uid\":\"u1\"},\"propagationPolicy\":\"Foreground\"}");
        assertThat(node.names(Kinds.POD, ListOptions.ALL)).containsExactly("web");
    }

    @Test
    void withoutALinkAChangeIsRefusedAndSaysWhy() {
        node.keep("default/pod/web", Node.pod("web", "u1", Map.of()));

        assertRefused("the node's link to the cloud is down: not connected to the cloud");
        node.cloud = Cloud.SILENT;
        assertRefused("the cloud did not answer in time: is its dynamicController on?");
        assertThat(node.pod("web").uid()).isEqualTo("u1");
    }

    // A CloudHub answers so while nobody takes applications.
    @Test
    void errorOfTheCloudIsNotTakenForALinkThatIsDown() {
        node.cloud = question ->
                question.error("cloudhub", new EdgeException(Reason.BAD_REQUEST, "there is no dynamiccontroller here"));

        assertRefused("the cloud did not do it: there is no dynamiccontroller here");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> node.store().delete(WEB, DeleteOptions.NONE))
                .isInstanceOfSatisfying(KubeException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Status.SERVICE_UNAVAILABLE);
                    assertThat(e.status().code()).isEqualTo(503);
                    assertThat(e.getMessage()).isEqualTo(message);
                });
    }

    @Test
    void conflictIsTheClouds() {
        node.cloud = Cloud.refusing("Conflict", 409, "the object has been modified");

        assertThatThrownBy(() -> node.store().update(WEB, "", Node.pod("web", "u1", Map.of()), WriteOptions.NONE))
                .isInstanceOfSatisfying(KubeException.class, e -> {
                    assertThat(e.status().code()).isEqualTo(409);
                    assertThat(e.getMessage()).isEqualTo("the object has been modified");
                });
    }

    @Test
    void selectorsAreWrittenAsTheyAreRead() {
        for (String text :
                List.of("a=b", "a!=b", "a in (b,c)", "a notin (b,c)", "a", "!a", "a>1", "a<1", "a=b,!c,d in (e,f)")) {
            assertThat(SelectorText.of(Selector.parse(text))).isEqualTo(text);
        }
        for (String text : List.of("a=b", "a!=b\\,c", "a=b\\=c,d=e\\\\f")) {
            assertThat(SelectorText.ofFields(Selector.parseFields(text))).isEqualTo(text);
        }
    }
}
