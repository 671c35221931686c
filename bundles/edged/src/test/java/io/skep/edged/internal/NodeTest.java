package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleNames;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.PodRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTest {

    private static final String NODE = "default/node/edge-1";
    private static final String LEASE = "kube-node-lease/lease/edge-1";
    private static final String PATCH = "default/nodepatch/edge-1";

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    private Doc lastPatch() {
        List<Message> patches = edged.sent(Operation.PATCH, PATCH);
        return Json.object(
                (String) Json.read(patches.get(patches.size() - 1).content().json()));
    }

    private String ready(String field) {
        return lastPatch().objects("status", "conditions").stream()
                .filter(c -> c.text("type").equals("Ready"))
                .map(c -> c.text(field))
                .findFirst()
                .orElse("");
    }

    @Test
    void theNodeRegistersWithTheLabelsOfAnEdgeNode() {
        edged.connected(true);

        assertThat(edged.sent(Operation.INSERT, NODE)).singleElement().satisfies(m -> {
            Doc node = Json.object(m.content().json());
            assertThat(node.textMap("metadata", "labels"))
                    .containsEntry("node-role.kubernetes.io/edge", "")
                    .containsEntry("node-role.kubernetes.io/agent", "")
                    .containsEntry("kubernetes.io/hostname", "edge-1")
                    .containsEntry("kubernetes.io/os", "linux");
            assertThat(node.text("status", "nodeInfo", "kubeletVersion").split("-")[2])
                    .startsWith("v1");
            assertThat(node.text("status", "capacity", "pods")).isEqualTo("3");
            assertThat(m.route().source()).isEqualTo(ModuleNames.EDGED);
            assertThat(m.route().group()).isEqualTo(ModuleNames.GROUP_META);
        });
    }

    /** The cloud replaces it by the port of its tunnel, and that one must stay. */
    @Test
    void onlyTheRegistrationNamesTheKubeletsPort() {
        edged.connected(true);

        assertThat(edged.sent(Operation.INSERT, NODE))
                .singleElement()
                .satisfies(m -> assertThat(Json.object(m.content().json())
                                .number(0, "status", "daemonEndpoints", "kubeletEndpoint", "Port"))
                        .isEqualTo(10350));
        assertThat(lastPatch().has("status", "daemonEndpoints")).isFalse();
    }

    @Test
    void aNodeTheCloudKnowsGetsItsMissingLabels() {
        edged.cloud.put(
                NODE, Doc.of(Map.of("metadata", Map.of("name", "edge-1", "uid", "u", "labels", Map.of("mine", "1")))));

        edged.connected(true);

        assertThat(edged.sent(Operation.UPDATE, NODE))
                .singleElement()
                .satisfies(m -> assertThat(Json.object(m.content().json()).textMap("metadata", "labels"))
                        .containsEntry("mine", "1")
                        .containsEntry("node-role.kubernetes.io/edge", ""));
    }

    @Test
    void theLeaseIsTakenThenRenewedEachQuarterOfItsTime() {
        edged.connected(true);
        assertThat(edged.sent(Operation.INSERT, LEASE)).singleElement().satisfies(m -> {
            Doc lease = Json.object(m.content().json());
            assertThat(lease.number(0, "spec", "leaseDurationSeconds")).isEqualTo(40);
            assertThat(lease.objects("metadata", "ownerReferences").get(0).text("uid"))
                    .isNotEmpty();
        });

        edged.advance(Duration.ofSeconds(31));

        assertThat(edged.sent(Operation.UPDATE, LEASE)).hasSize(3);
    }

    @Test
    void nothingIsAskedWhileThereIsNoLink() {
        edged.connected(true);
        edged.connected(false);
        edged.context.clear();

        edged.advance(Duration.ofMinutes(2));

        assertThat(edged.sent(Operation.UPDATE, LEASE)).isEmpty();
    }

    // Budget: link back to node Ready in 3 s. It must not wait for a period.
    @Test
    void statusAndLeaseGoUpAtOnceWhenTheLinkIsBack() {
        edged.connected(true);
        edged.connected(false);
        edged.context.clear();

        edged.connected(true);

        assertThat(edged.sent(Operation.PATCH, PATCH)).isNotEmpty();
        assertThat(ready("status")).isEqualTo("True");
        assertThat(edged.sent(Operation.UPDATE, LEASE)).isNotEmpty();
    }

    @Test
    void aNodeWhoseDiskTakesNoWritesSaysThatItIsNotReady() {
        edged.connected(true);
        assertThat(ready("status")).isEqualTo("True");

        edged.store.breakDown("the database is down: Read-only file system");
        edged.advance(Duration.ofSeconds(10));

        assertThat(ready("status")).isEqualTo("False");
        assertThat(ready("message")).isEqualTo("the database is down: Read-only file system");
    }

    @Test
    void anUnchangedStatusGoesUpEachFiveMinutesOnly() {
        edged.connected(true);
        edged.context.clear();

        edged.advance(Duration.ofSeconds(295));
        int early = edged.sent(Operation.PATCH, PATCH).size();
        edged.advance(Duration.ofSeconds(20));

        assertThat(early).isZero();
        assertThat(edged.sent(Operation.PATCH, PATCH)).hasSize(1);
    }

    @Test
    void withoutARuntimeTheNodeIsNotReadyAndSaysWhy() {
        edged.connected(true);
        edged.module.unbindRuntime(edged.runtime, Map.of(PodRuntime.NAME, "process"));
        edged.settle();

        assertThat(ready("status")).isEqualTo("False");
        assertThat(ready("reason")).isEqualTo("KubeletNotReady");
        assertThat(ready("message")).contains("runtime");
        assertThat(edged.module.check().ok()).isFalse();

        edged.bind("process", edged.runtime);

        assertThat(ready("status")).isEqualTo("True");
        assertThat(edged.module.check().ok()).isTrue();
        assertThat(lastPatch().text("status", "nodeInfo", "containerRuntimeVersion"))
                .isEqualTo("fake://1.0.0");
    }

    @Test
    void podsAndOnePodCanBeAsked() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        edged.tell(Operation.QUERY, "pods", io.skep.core.api.message.Content.EMPTY);
        edged.tell(Operation.QUERY, "default/poddetail/web", io.skep.core.api.message.Content.EMPTY);
        edged.tell(Operation.QUERY, "default/poddetail/none", io.skep.core.api.message.Content.EMPTY);

        List<Message> replies = edged.context.replies();
        assertThat(Json.list(replies.get(0).content().json())).singleElement().satisfies(row -> {
            assertThat(row.text("phase")).isEqualTo("Running");
            assertThat(row.text("ready")).isEqualTo("1/1");
        });
        assertThat(Json.object(replies.get(1).content().json()).text("pod", "metadata", "name"))
                .isEqualTo("web");
        assertThat(replies.get(2).isError()).isTrue();
    }

    @Test
    void rubbishIsRefusedAndNothingBreaks() {
        edged.tell(Operation.INSERT, "default/pod/x", new io.skep.core.api.message.Content.Json("\"no object\""));
        edged.tell(Operation.INSERT, "what", new io.skep.core.api.message.Content.Json("[1,2"));
        edged.tell(Operation.INSERT, "default/pod/x", new io.skep.core.api.message.Content.Json("{\"metadata\":3}"));

        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        assertThat(edged.runtime.running("web")).isPresent();
    }
}
