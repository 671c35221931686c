package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes in memory from a pod's beginning to its end, where this machine lets us mount. */
class MemoryVolumeLifeTest {

    @TempDir
    Path data;

    private EdgedFixture edged;
    private Doc pod;
    private Path volume;

    @BeforeEach
    void start() throws Exception {
        edged = new EdgedFixture(data).start();
        pod = PodDocs.web()
                .with(List.of(Map.of("name", "v", "emptyDir", Map.of("medium", "Memory"))), "spec", "volumes");
        volume = data.resolve("pods/uid-1/volumes/kubernetes.io~empty-dir/v");
        edged.push(Operation.INSERT, pod, "pod");
        Assumptions.assumeTrue(mounted(), "this machine lets us mount");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted()) {
            new ProcessBuilder("umount", volume.toString()).inheritIO().start().waitFor();
        }
    }

    private boolean mounted() throws IOException {
        return Files.exists(volume)
                && !Files.getAttribute(volume, "unix:dev").equals(Files.getAttribute(volume.getParent(), "unix:dev"));
    }

    @Test
    void aNodeThatStartsAgainFindsTheFiles() throws Exception {
        Files.writeString(volume.resolve("f"), "x");

        edged.restart();

        assertThat(volume.resolve("f")).hasContent("x");
    }

    @Test
    void aNewSandboxFindsTheFiles() throws Exception {
        Files.writeString(volume.resolve("f"), "x");

        edged.runtime.killSandbox(edged.runtime.running("web").orElseThrow().sandboxId());
        edged.advance(Duration.ofSeconds(61));

        assertThat(edged.calls("runPodSandbox")).isEqualTo(2);
        assertThat(volume.resolve("f")).hasContent("x");
    }

    // The memory of a pod that is done, or was evicted for want of memory, is needed by others.
    @Test
    void aPodThatIsOverGivesItsMemoryBackBeforeItIsDeleted() throws Exception {
        Files.writeString(volume.resolve("f"), "x");

        edged.push(Operation.UPDATE, pod.with(1, "spec", "activeDeadlineSeconds"), "pod");
        edged.advance(Duration.ofSeconds(30));

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(mounted()).isFalse();
        assertThat(volume).isEmptyDirectory();
    }

    @Test
    void aPodThatGoesTakesItsVolumeAlongOnceNobodyHasItOpen() throws Exception {
        Files.writeString(volume.resolve("f"), "x");

        try (InputStream open = Files.newInputStream(volume.resolve("f"))) {
            edged.push(Operation.DELETE, PodDocs.deleting(pod, 0), "pod");

            assertThat(edged.events()).contains("FailedKillPod");
            assertThat(open.read()).isEqualTo('x');
            assertThat(volume.resolve("f")).exists();
        }
        edged.advance(Duration.ofSeconds(6));

        assertThat(data.resolve("pods/uid-1")).doesNotExist();
    }
}
