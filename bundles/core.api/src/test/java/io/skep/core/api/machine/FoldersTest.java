package io.skep.core.api.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    Path folder;

    @Test
    void folderIsMadeWithThoseAboveIt() throws IOException {
        assertThat(Folders.create(folder.resolve("a/b")))
                .isEqualTo(folder.resolve("a/b"))
                .isDirectory();
    }

    @Test
    void linkToAFolderIsTakenForIt() throws IOException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path link = Files.createSymbolicLink(folder.resolve("data"), disk);

        assertThat(Folders.create(link)).isEqualTo(link);
        assertThat(Folders.create(link.resolve("inner"))).isDirectory();
        assertThat(disk.resolve("inner")).isDirectory();
    }

    @Test
    void fileInTheWayIsAFailure() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> Folders.create(file)).isInstanceOf(FileAlreadyExistsException.class);
    }
}
