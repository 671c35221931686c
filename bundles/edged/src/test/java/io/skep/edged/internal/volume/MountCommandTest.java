package io.skep.edged.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the kernel of this machine, where it lets us. */
class MountCommandTest {

    private static final String STATUS = "Name:\tjava\nUid:\t%d\t%d\t%d\t%d\nCapEff:\t%s\n";
    private static final int SIZE = 64 << 10;

    @TempDir
    Path folder;

    private final MountCommand mounter = new MountCommand();
    private Volumes volumes;
    private Pod pod;

    private Path mount() throws Exception {
        Assumptions.assumeTrue(
                mounter.unable().isEmpty(),
                () -> "mounting: " + mounter.unable().get());
        volumes = new Volumes(folder.resolve("pods with blank ü"));
        pod = Pod.of(Json.object("""
                {"metadata":{"name":"p","namespace":"default","uid":"u1"},"spec":{"securityContext":{"fsGroup":123},"volumes":[
                  {"name":"v","emptyDir":{"medium":"Memory","sizeLimit":"64Ki"}}]}}"""));
        HostFacts host = new HostFacts("edge-1", "192.0.2.1", 2000, 1 << 30, 1 << 30, 1 << 30, Map.of());
        return volumes.mount(new PodFields(pod, host, List.of()), Map.of(), Map.of())
                .get("v");
    }

    @AfterEach
    void unmount() throws Exception {
        for (MountTable.Entry left : MountTable.read().within(folder)) {
            mounter.unmount(Path.of(left.place()));
        }
    }

    @Test
    void onlyRootWithTheRightToMayMount() {
        assertThat(MountCommand.unable(STATUS.formatted(0, 0, 0, 0, "000001ffffffffff")))
                .isEmpty();
        assertThat(MountCommand.unable(STATUS.formatted(1000, 1000, 1000, 1000, "0000000000000000")))
                .contains("only root may mount");
        assertThat(MountCommand.unable(STATUS.formatted(0, 1000, 0, 0, "000001ffffffffff")))
                .contains("only root may mount");
        // As in a container of docker's without --privileged.
        assertThat(MountCommand.unable(STATUS.formatted(0, 0, 0, 0, "00000000a80425fb")))
                .hasValueSatisfying(why -> assertThat(why).contains("CAP_SYS_ADMIN"));
    }

    @Test
    void aVolumeIsInMemoryOpenToThePodAndNoLargerThanItsLimit() throws Exception {
        Path path = mount();

        assertThat(Files.getFileStore(path).type()).isEqualTo("tmpfs");
        assertThat((int) Files.getAttribute(path, "unix:mode") & 07777).isEqualTo(03777);
        assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(123);
        assertThat(Files.getFileStore(path).getTotalSpace()).isEqualTo(SIZE);
        try (OutputStream file = Files.newOutputStream(path.resolve("f"))) {
            assertThatThrownBy(() -> file.write(new byte[2 * SIZE]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device");
        }
        // Large to look at only: the pod must not go for it.
        Files.delete(path.resolve("f"));
        try (var file = new RandomAccessFile(path.resolve("sparse").toFile(), "rw")) {
            file.setLength(4L * SIZE);
        }
        assertThat(EmptyDirs.excess(pod, Map.of("v", path))).isEmpty();
    }

    @Test
    void itSurvivesTheProcessAndGoesWithThePod() throws Exception {
        Files.writeString(mount().resolve("f"), "x");

        Path again = mount();

        assertThat(again.resolve("f")).hasContent("x");
        assertThat(MountTable.read().within(folder)).hasSize(1);
        volumes.erase("u1");
        assertThat(MountTable.read().within(folder)).isEmpty();
        assertThat(folder.resolve("pods with blank ü/u1")).doesNotExist();
    }

    @Test
    void itStaysWhileAFileOfItIsOpen() throws Exception {
        Path file = Files.writeString(mount().resolve("f"), "x");

        try (var open = Files.newInputStream(file)) {
            assertThatThrownBy(() -> volumes.erase("u1"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("exit status");
            assertThat(open.read()).isEqualTo('x');
        }

        assertThat(file).exists();
        volumes.erase("u1");
        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsMountedInItByOthersIsNotDeleted() throws Exception {
        Path foreign = Files.createDirectories(folder.resolve("pods with blank ü/u1/other"));
        mount();
        mounter.tmpfs(foreign, 0);
        Files.writeString(foreign.resolve("f"), "x");

        assertThatThrownBy(() -> volumes.erase("u1"))
                .hasMessageContaining("tmpfs is mounted on " + foreign.toRealPath());

        assertThat(foreign.resolve("f")).exists();
    }

    @Test
    void whyItFailsIsInTheProgramsWords() {
        Assumptions.assumeTrue(mounter.unable().isEmpty(), "root may mount");

        assertThatThrownBy(() -> mounter.unmount(folder))
                .hasMessageContaining("exit status")
                .hasMessageContaining("not mounted");
    }
}
