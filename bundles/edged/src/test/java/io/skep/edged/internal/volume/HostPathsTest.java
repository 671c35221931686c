package io.skep.edged.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Doc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPathsTest {

    @TempDir
    Path folder;

    private static Path directoryOrCreate(Path path) throws Exception {
        return HostPaths.of(Doc.of(Map.of("path", path.toString(), "type", "DirectoryOrCreate")));
    }

    @Test
    void missingDirectoryIsMadeWithThoseAboveIt() throws Exception {
        assertThat(directoryOrCreate(folder.resolve("a/b"))).isDirectory();
    }

    /** As {@code /var/run} is. */
    @Test
    void linkToADirectoryIsOne() throws Exception {
        Path target = Files.createDirectory(folder.resolve("run"));
        Path link = Files.createSymbolicLink(folder.resolve("var-run"), target);

        assertThat(directoryOrCreate(link)).isEqualTo(link);
    }
}
