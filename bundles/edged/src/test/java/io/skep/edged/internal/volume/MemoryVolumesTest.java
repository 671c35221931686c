package io.skep.edged.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryVolumesTest {

    private static final HostFacts HOST =
            new HostFacts("edge-1", "192.0.2.1", 2000, 1 << 30, 1 << 30, 1L << 31, Map.of());
    private static final String MEMORY = "{'medium':'Memory'}";

    @TempDir
    Path folder;

    private final FakeMounter mounter = new FakeMounter();
    private Volumes volumes;

    @BeforeEach
    void create() {
        volumes = new Volumes(folder, mounter);
    }

    private static PodFields fields(String emptyDir, String resources) {
        Pod pod =
                Pod.of(Json.object("""
                {'metadata':{'name':'p','namespace':'default','uid':'u1'},
                 'spec':{'containers':[{'name':'c','resources':%s},{'name':'d','resources':%s}],
                   'volumes':[{'name':'v','emptyDir':%s}]}}""".formatted(resources, resources, emptyDir).replace('\'', '"')));
        return new PodFields(pod, HOST, List.of());
    }

    private Path mount(String emptyDir) throws Exception {
        return volumes.mount(fields(emptyDir, "{}"), Map.of(), Map.of()).get("v");
    }

    private static long bytes(String emptyDir, String resources) {
        PodFields fields = fields(emptyDir, resources);
        return MemoryVolumes.bytes(fields, fields.pod().volumes().get(0));
    }

    @Test
    void aVolumeInMemoryIsMountedOverItsFolder() throws Exception {
        Path path = mount("{'medium':'Memory','sizeLimit':'64Mi'}");

        assertThat(path).isEqualTo(folder.resolve("u1/volumes/kubernetes.io~empty-dir/v"));
        assertThat(mounter.calls).containsExactly("mount v " + (64 << 20));
    }

    @Test
    void oneOnDiskIsNot() throws Exception {
        mount("{'sizeLimit':'64Mi'}");

        assertThat(mounter.calls).isEmpty();
    }

    // Kubernetes: SizeMemoryBackedVolumes.
    @Test
    void itHoldsNoMoreThanItsLimitThePodsOrTheNodes() {
        String limited = "{'limits':{'memory':'10Mi'}}";

        assertThat(bytes("{'medium':'Memory','sizeLimit':'5Mi'}", limited)).isEqualTo(5 << 20);
        assertThat(bytes("{'medium':'Memory','sizeLimit':'1Gi'}", limited)).isEqualTo(20 << 20);
        assertThat(bytes(MEMORY, limited)).isEqualTo(20 << 20);
        assertThat(bytes("{'medium':'Memory','sizeLimit':'0'}", "{}")).isEqualTo(1 << 30);
        assertThat(bytes("{'medium':'Memory','sizeLimit':'8Gi'}", "{}")).isEqualTo(1 << 30);
    }

    @Test
    void itIsMountedOnceHoweverOftenTheProcessStarts() throws Exception {
        mount(MEMORY);
        mount(MEMORY);
        volumes = new Volumes(folder, mounter);
        mount(MEMORY);

        assertThat(mounter.mounts).hasSize(1);
    }

    @Test
    void afterTheMachinesStartItIsMountedAnew() throws Exception {
        mount(MEMORY);
        mounter.mounts.clear();

        mount(MEMORY);

        assertThat(mounter.mounts).hasSize(1);
    }

    @Test
    void whereTheNodeMayNotMountItIsAFolder() throws Exception {
        mounter.unable = Optional.of("only root may mount");

        Path path = mount(MEMORY);

        assertThat(path).isWritable();
        assertThat(mounter.calls).isEmpty();
    }

    // A node that was an ordinary user's and is root's now: containers that run write into the folder.
    @Test
    void aFolderWithFilesIsNotHidden() throws Exception {
        mounter.unable = Optional.of("only root may mount");
        Files.writeString(mount(MEMORY).resolve("f"), "x");
        mounter.unable = Optional.empty();

        assertThat(mount(MEMORY).resolve("f")).hasContent("x");
        assertThat(mounter.calls).isEmpty();
    }

    @Test
    void whyItCannotBeMountedIsSaidWithItsName() {
        mounter.fails = Optional.of("mount -t tmpfs tmpfs /x: exit status 32: permission denied");

        assertThatThrownBy(() -> mount(MEMORY))
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : "
                        + "mount -t tmpfs tmpfs /x: exit status 32: permission denied");
    }

    @Test
    void aPodThatGoesGivesItsMemoryBack() throws Exception {
        mount(MEMORY);
        // As a process that started since, which knows nothing of the pod but its uid.
        volumes = new Volumes(folder, mounter);

        volumes.erase("u1");

        assertThat(mounter.mounts).isEmpty();
        assertThat(folder.resolve("u1")).doesNotExist();
    }

    @Test
    void twoMountsOnOneVolumeBothGo() throws Exception {
        Path path = mount(MEMORY);
        mounter.tmpfs(path, 0);

        volumes.erase("u1");

        assertThat(mounter.mounts).isEmpty();
    }

    @Test
    void aVolumeInUseKeepsItsFiles() throws Exception {
        Path file = Files.writeString(mount(MEMORY).resolve("f"), "x");
        mounter.fails = Optional.of("umount /x: exit status 32: target is busy.");

        assertThatThrownBy(() -> volumes.erase("u1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("target is busy");

        assertThat(file).exists();
    }

    @Test
    void aPodWithoutVolumesIsErased() throws Exception {
        volumes.erase("u1");

        assertThat(mounter.calls).isEmpty();
    }

    @Test
    void memoryTakesNoDisk() {
        Doc volume = fields(MEMORY, "{}").pod().volumes().get(0);

        assertThat(EmptyDirs.onDisk(volume)).isFalse();
    }

    // The limit is promised all the same: nobody but the watch on the disk can keep it.
    @Test
    void inAFolderItsLimitIsWatched() throws Exception {
        mounter.unable = Optional.of("only root may mount");
        String limited = "{'medium':'Memory','sizeLimit':'1Ki'}";
        Path path = mount(limited);
        Files.write(path.resolve("f"), new byte[2048]);

        assertThat(EmptyDirs.excess(fields(limited, "{}").pod(), Map.of("v", path)))
                .hasValueSatisfying(why -> assertThat(why).contains("\"v\" exceeds the limit \"1Ki\""));
    }
}
