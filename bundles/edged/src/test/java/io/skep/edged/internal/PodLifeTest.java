package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.kube.api.Doc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod that is given runs, and the status that goes up for it. */
class PodLifeTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    @Test
    void aPodRunsAndItsStatusGoesUp() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
        assertThat(edged.container("web").text("containerID")).startsWith("fake://");
        assertThat(edged.events()).contains("Pulled", "Created", "Started");
    }

    @Test
    void theFirstStatusSaysContainerCreating() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        Doc first = edged.patches("web").get(0).object("status");
        assertThat(first.objects("containerStatuses").get(0).text("state", "waiting", "reason"))
                .isEqualTo("ContainerCreating");
        assertThat(first.text("phase")).isEqualTo("Pending");
    }

    // The budget for create to Running is made of round trips: two patches are all a plain pod needs.
    @Test
    void aPlainPodSendsTwoPatches() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        assertThat(edged.patches("web")).hasSize(2);
    }

    // As Kubernetes' node controller does with the pods of a node it missed.
    @Test
    void aStatusThatSomebodyElseChangedIsPutRightOnce() {
        Doc pod = PodDocs.web();
        edged.push(Operation.INSERT, pod, "pod");
        Doc ours = edged.status("web");
        Doc shown = pod.with(ours.asMap(), "status").with("10", "metadata", "resourceVersion");
        edged.push(Operation.UPDATE, shown, "pod");
        assertThat(edged.patches("web")).hasSize(2);

        Doc notReady = Doc.of(Map.of("type", "Ready", "status", "False", "reason", "NodeNotReady"));
        List<Object> conditions = ours.objects("conditions").stream()
                .map(c -> (Object) (c.text("type").equals("Ready") ? notReady : c).asMap())
                .toList();
        Doc changed = shown.with(conditions, "status", "conditions").with("11", "metadata", "resourceVersion");
        edged.push(Operation.UPDATE, changed, "pod");

        assertThat(edged.patches("web")).hasSize(3);
        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
        edged.push(Operation.UPDATE, changed, "pod");
        assertThat(edged.patches("web")).hasSize(3);
    }

    @Test
    void aDeadlineFailsThePod() {
        edged.push(Operation.INSERT, PodDocs.web().with(60, "spec", "activeDeadlineSeconds"), "pod");

        edged.advance(Duration.ofSeconds(61));

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(edged.status("web").text("reason")).isEqualTo("DeadlineExceeded");
        assertThat(edged.runtime.running("web")).isEmpty();
    }
}
