package io.skep.edged.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.edged.internal.volume.MountTable.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountTableTest {

    @TempDir
    Path folder;

    @Test
    void theKernelsLinesAreRead() {
        MountTable table = MountTable.parse("""
                22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
                80 22 0:44 / /mnt/a\\040b\\134$1 rw shared:33 master:2 - tmpfs tmpfs rw,size=8k
                81 22 0:45 / /x rw - fuse.sshfs me@there:/ rw
                """);

        assertThat(table.entries())
                .containsExactly(
                        new Entry("/", "ext4"), new Entry("/mnt/a b\\$1", "tmpfs"), new Entry("/x", "fuse.sshfs"));
    }

    @Test
    void thisProcessSeesARoot() throws Exception {
        assertThat(MountTable.read().entries()).extracting(Entry::place).contains("/");
    }

    // The kernel tells places without links, and a data folder may be reached through one.
    @Test
    void aMountIsFoundThroughALink() throws Exception {
        Path real = Files.createDirectories(folder.resolve("real/v")).toRealPath();
        Path link = Files.createSymbolicLink(folder.resolve("link"), real.getParent());
        MountTable table = new MountTable(
                List.of(new Entry(real.toString(), "tmpfs"), new Entry(real.resolve("deep") + "", "ext4")));

        assertThat(table.tmpfs(link.resolve("v"))).isEqualTo(1);
        assertThat(table.within(link.resolve("v"))).hasSize(2);
        assertThat(table.within(link)).as("itself, not where it leads").isEmpty();
    }

    @Test
    void aNameThatOnlyBeginsTheSameIsAnother() throws Exception {
        Path near = folder.toRealPath().resolve("v2");
        MountTable table = new MountTable(List.of(new Entry(near.toString(), "tmpfs")));

        assertThat(table.within(folder.resolve("v"))).isEmpty();
    }

    @Test
    void aTreeIsNotDeletedWithWhatIsMountedInIt() throws Exception {
        Path file = Files.createDirectories(folder.resolve("tree/v")).resolve("f");
        Files.writeString(file, "x");
        Path beside = Files.writeString(folder.resolve("tree/a"), "x");
        String place = file.getParent().toRealPath().toString();
        MountTable table = new MountTable(List.of(new Entry(place, "nfs4")));

        assertThatThrownBy(() -> Folders.delete(folder.resolve("tree"), table))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a nfs4 is mounted on " + place);
        assertThat(file).exists();
        assertThat(beside).exists();
    }
}
