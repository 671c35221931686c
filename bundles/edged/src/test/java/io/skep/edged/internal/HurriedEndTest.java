package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.PodRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod that is deleted a second time, with another grace. */
class HurriedEndTest {

    private static final String HOOK = ",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":200}}}";

    @TempDir
    Path data;

    private EdgedFixture edged;
    private Obstinate obstinate;
    private PodRuntime runtime;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
        obstinate = new Obstinate(edged.runtime);
        runtime = obstinate.runtime();
        edged.swap(runtime);
    }

    private static Doc pod(String fields) {
        return PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"app:1\"" + fields + "}");
    }

    private void delete(Doc pod, int grace) {
        edged.push(Operation.UPDATE, PodDocs.deleting(pod, grace), "pod");
    }

    private void runThenDelete(Doc pod, int grace) {
        edged.push(Operation.INSERT, pod, "pod");
        delete(pod, grace);
        edged.advance(Duration.ofSeconds(10));
    }

    private void assertKilledIn(Duration time) {
        edged.advance(time.minusMillis(250));
        assertThat(edged.calls("stopContainer")).isZero();
        edged.advance(Duration.ofMillis(250));
        assertThat(edged.runtime.calls()).anyMatch(c -> c.startsWith("stopContainer") && c.endsWith("0s"));
    }

    @Test
    void theSecondGraceCountsIfItEndsSooner() {
        runThenDelete(pod(""), 300);

        delete(pod(""), 5);

        assertKilledIn(Duration.ofSeconds(5));
        assertThat(obstinate.asked()).hasSize(1);
    }

    @Test
    void theSecondGraceDoesNotCountIfItEndsLater() {
        runThenDelete(pod(""), 12);

        delete(pod(""), 300);
        delete(pod(""), 5);

        assertKilledIn(Duration.ofSeconds(2));
    }

    @Test
    void aPreStopActionHasNoLongerEither() {
        runThenDelete(pod(HOOK), 300);
        delete(pod(HOOK), 5);

        edged.advance(Duration.ofMillis(4_750));
        assertThat(obstinate.asked()).isEmpty();
        edged.advance(Duration.ofMillis(250));

        assertThat(obstinate.asked()).hasSize(1);
        assertKilledIn(Duration.ofSeconds(2));
    }

    @Test
    void aSidecarWaitsNoLongerEither() {
        Doc pod = pod("").with(
                        List.of(Map.of("name", "side", "image", "i", "restartPolicy", "Always")),
                        "spec",
                        "initContainers");
        runThenDelete(pod, 300);
        assertThat(obstinate.asked()).hasSize(1);

        delete(pod, 5);
        edged.advance(Duration.ofSeconds(7));

        assertThat(obstinate.asked()).hasSize(2);
        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.runtime.running("side")).isEmpty();
    }

    @Test
    void aContainerThatIsStoppedForItselfEndsWithItsPod() {
        Doc pod = pod("").with(300, "spec", "terminationGracePeriodSeconds");
        edged.push(Operation.INSERT, pod, "pod");
        edged.push(Operation.UPDATE, pod.with(container("app:2"), "spec", "containers"), "pod");
        edged.advance(Duration.ofSeconds(1));
        assertThat(obstinate.asked()).hasSize(1);

        delete(pod.with(container("app:2"), "spec", "containers"), 5);

        assertKilledIn(Duration.ofSeconds(5));
    }

    private static List<Object> container(String image) {
        return List.of(Map.of("name", "web", "image", image));
    }

    @Test
    void aSuccessorKeepsToIt() {
        runThenDelete(pod(""), 300);
        delete(pod(""), 5);
        edged.advance(Duration.ofSeconds(2));

        edged.swap(runtime);

        assertKilledIn(Duration.ofSeconds(3));
    }

    @Test
    void aNewProcessKnowsOfIt() {
        runThenDelete(pod(""), 300);
        delete(pod(""), 5);

        edged.module.stop();
        edged.context.clear();
        edged.startWithout();
        edged.bind("process", runtime);

        assertKilledIn(Duration.ofSeconds(5));
    }

    // What the cloud says last of a pod it has dropped is all a new process has.
    @Test
    void aNewProcessKnowsOfItThoughTheCloudHasDroppedThePod() {
        edged.push(Operation.INSERT, pod(""), "pod");
        for (int grace : List.of(300, 5, 100)) {
            edged.push(Operation.DELETE, PodDocs.deleting(pod(""), grace).without("spec"), "pod");
        }

        edged.module.stop();
        edged.context.clear();
        edged.startWithout();
        edged.bind("process", runtime);

        assertKilledIn(Duration.ofSeconds(5));
    }
}
