package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder plays the cgroup file system. */
class ProcessIdsTest {

    private static final PodCgroup POD = PodCgroup.of("skep", "burstable/pod12-34");

    @TempDir
    Path mount;

    private void file(String path, String content) throws IOException {
        Path file = mount.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content + "\n");
    }

    private ProcessIds processes() {
        return new ProcessIds(new PodLimits(mount));
    }

    @Test
    void containersScopeCountsIts() throws IOException {
        file("cgroup.controllers", "cpu memory pids");
        file(POD.folder(true) + "/cri-containerd-abc.scope/pids.current", "20000");
        file(POD.folder(true) + "/cri-containerd-def.scope/pids.current", "2");

        assertThat(processes().of("abc", POD.parent(true))).contains(20_000L);
        assertThat(processes().of("def", POD.parent(true))).contains(2L);
    }

    @Test
    void versionOneCountsInItsOwnHierarchy() throws IOException {
        file("pids" + POD.parent(false) + "/abc/pids.current", "7");
        file("cpu" + POD.parent(false) + "/abc/pids.current", "0");

        assertThat(processes().of("abc", POD.parent(false))).contains(7L);
    }

    @Test
    void whatWatchesOverAContainerCountsAsItsOwn() throws IOException {
        file("cgroup.controllers", "cpu memory pids");
        file(POD.folder(true) + "/crio-abc.scope/pids.current", "5");
        file(POD.folder(true) + "/crio-conmon-abc.scope/pids.current", "2");

        assertThat(processes().of("abc", POD.parent(true))).contains(7L);
    }

    @Test
    void nothingIsSaidOfWhatIsNotCounted() throws IOException {
        file("cgroup.controllers", "cpu memory");
        Files.createDirectories(mount.resolve(POD.folder(true)).resolve("cri-containerd-abc.scope"));

        assertThat(processes().of("abc", POD.parent(true))).isEmpty();
        assertThat(processes().of("def", POD.parent(true))).isEmpty();
        assertThat(processes().of("abc", "")).isEmpty();
        assertThat(processes().of("abc", PodCgroup.of("skep", "pod9").parent(true)))
                .isEmpty();
    }
}
