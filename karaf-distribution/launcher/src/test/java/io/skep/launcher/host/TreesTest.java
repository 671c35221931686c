package io.skep.launcher.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {

    @TempDir
    private Path folder;

    @Test
    void aFolderGoesWithAllThatIsInItButNotWithWhatItsLinksPointAt() throws IOException {
        Path kept = Files.writeString(folder.resolve("kept"), "");
        Path tree = Files.createDirectories(folder.resolve("tree/inner"));
        Files.writeString(tree.resolve("file"), "");
        Files.createSymbolicLink(tree.resolve("link"), kept);

        Trees.delete(folder.resolve("tree"));

        assertThat(folder.resolve("tree")).doesNotExist();
        assertThat(kept).exists();
    }

    @Test
    void whatIsNotThereIsNoFault() {
        Trees.delete(folder.resolve("absent"));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatCannotBeDeletedIsNamed() {
        // The kernel's own files go for nobody.
        Path fixed = Path.of("/proc/self/status");
        assumeThat(fixed).exists();

        assertThatThrownBy(() -> Trees.delete(fixed))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining(fixed.toString());
        assertThat(fixed).exists();
    }
}
