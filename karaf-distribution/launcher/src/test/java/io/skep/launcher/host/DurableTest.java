package io.skep.launcher.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableTest {

    @TempDir
    Path folder;

    @Test
    void folderMovesWithAllThatIsInIt() throws IOException {
        Path fresh = Files.createDirectories(folder.resolve("fresh/inner")).getParent();
        Files.writeString(fresh.resolve("inner/file"), "text");
        Files.createSymbolicLink(fresh.resolve("link"), Path.of("nowhere"));

        Durable.move(fresh, folder.resolve("target"));

        assertThat(folder.resolve("target/inner/file")).hasContent("text");
        assertThat(folder.resolve("target/link")).isSymbolicLink();
        assertThat(fresh).doesNotExist();
    }

    @Test
    void fileTakesThePlaceOfTheFormerOne() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "former");

        Durable.move(Files.writeString(folder.resolve("fresh"), "new"), target);

        assertThat(target).hasContent("new");
    }

    @Test
    void folderThatHoldsSomethingIsNotReplaced() throws IOException {
        Path target = Files.createDirectories(folder.resolve("target"));
        Files.writeString(target.resolve("file"), "kept");
        Path fresh = Files.createDirectories(folder.resolve("fresh"));

        assertThatThrownBy(() -> Durable.move(fresh, target)).isInstanceOf(IOException.class);
        assertThat(target.resolve("file")).hasContent("kept");
    }
}
