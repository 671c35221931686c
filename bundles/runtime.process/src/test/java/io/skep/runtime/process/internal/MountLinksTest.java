package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts of containers that can't have a mount namespace. */
class MountLinksTest {

    @TempDir
    private Path folder;

    private Path volume;
    private RuntimeUnderTest tested;
    private Pods pods;

    @BeforeEach
    void open() throws IOException {
        volume = Files.createDirectory(folder.resolve("volume"));
        Files.writeString(volume.resolve("file"), "content\n");
        tested = new RuntimeUnderTest(
                new ProcessRuntimeSettings(
                        folder.resolve("runtime"), 1 << 20, 2, Duration.ofMillis(20), 0, "", false, 10),
                Machine.ofThisOne());
        pods = new Pods(tested.runtime(), folder.resolve("logs"));
    }

    @AfterEach
    void removeEverything() throws Exception {
        tested.removeEverything();
    }

    @Test
    void absolutePathIsBelowTheContainersFolder() throws Exception {
        String id = run(
                "cat $SKEP_CONTAINER_ROOT/skep/conf/file; cat skep/conf/file; cat rel/file",
                new Mount(volume.toString(), "/skep/conf", true),
                new Mount(volume.toString(), "rel", true));

        assertThat(pods.output(id)).isEqualTo("content\ncontent\ncontent\n");
    }

    @Test
    void pathTheNodeHasItselfIsRefused() {
        assertThatThrownBy(() -> run("true", new Mount(volume.toString(), "/etc", true)))
                .isInstanceOf(ContainerException.class)
                .hasMessageContaining("mount of /etc")
                .hasMessageContaining("SKEP_CONTAINER_ROOT");
    }

    @Test
    void pathThatIsTheSameOnTheNodeIsFine() throws Exception {
        String id = run("cat " + volume + "/file", new Mount(volume.toString(), volume.toString(), false));

        assertThat(pods.output(id)).isEqualTo("content\n");
    }

    @Test
    void folderEverybodySharesIsFine() throws Exception {
        String id = run("cat tmp/file", new Mount(volume.toString(), "/tmp", false));

        assertThat(pods.output(id)).isEqualTo("content\n");
    }

    @Test
    void workingDirectoryInAMountIsFound() throws Exception {
        String id = pods.start(Pods.with(
                Pods.of("cat", "file"),
                List.of(),
                List.of(new Mount(volume.toString(), "/skep/conf", true)),
                "/skep/conf"));
        pods.ended(id);

        assertThat(pods.output(id)).isEqualTo("content\n");
    }

    @Test
    void pathThatLeadsOutIsRefused() {
        assertThatThrownBy(() -> run("true", new Mount(volume.toString(), "../../x", true)))
                .hasMessageContaining("not a path in a container");
    }

    @Test
    void removalLeavesTheSourceAlone() throws Exception {
        String id = run("true", new Mount(volume.toString(), "/skep/conf", false));

        tested.runtime().removeContainer(id);

        assertThat(volume.resolve("file")).hasContent("content\n");
    }

    private String run(String script, Mount... mounts) throws ContainerException {
        String id = pods.start(Pods.with(Pods.shell(script), List.of(), List.of(mounts), ""));
        pods.ended(id);
        return id;
    }
}
