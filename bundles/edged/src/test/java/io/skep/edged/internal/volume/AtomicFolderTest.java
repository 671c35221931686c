package io.skep.edged.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.edged.internal.volume.AtomicFolder.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFolderTest {

    @TempDir
    Path folder;

    private static Entry entry(String text) {
        return new Entry(text.getBytes(StandardCharsets.UTF_8), 0644);
    }

    @Test
    void filesAreSeenThroughOneLinkThatIsSwapped() throws IOException {
        AtomicFolder atomic = new AtomicFolder(folder);
        atomic.write(Map.of("a", entry("1"), "sub/b", entry("2")));
        Path before = folder.resolve("..data").toRealPath();

        atomic.write(Map.of("a", entry("3"), "sub/b", entry("2")));

        assertThat(Files.readString(folder.resolve("a"))).isEqualTo("3");
        assertThat(Files.readSymbolicLink(folder.resolve("a"))).isEqualTo(Path.of("..data/a"));
        assertThat(Files.readString(folder.resolve("sub/b"))).isEqualTo("2");
        assertThat(folder.resolve("..data").toRealPath()).isNotEqualTo(before);
        assertThat(before).doesNotExist();
    }

    // Applications watch the link: a swap without a change would wake them for nothing.
    @Test
    void equalFilesAreLeftAlone() throws IOException {
        AtomicFolder atomic = new AtomicFolder(folder);
        atomic.write(Map.of("a", entry("1")));
        Path before = folder.resolve("..data").toRealPath();

        boolean changed = atomic.write(Map.of("a", entry("1")));

        assertThat(changed).isFalse();
        assertThat(folder.resolve("..data").toRealPath()).isEqualTo(before);
    }

    @Test
    void aNameThatIsGoneIsGone() throws IOException {
        AtomicFolder atomic = new AtomicFolder(folder);
        atomic.write(Map.of("a", entry("1"), "b", entry("2")));

        atomic.write(Map.of("a", entry("1")));

        try (Stream<Path> names = Files.list(folder)) {
            assertThat(names.map(p -> p.getFileName().toString()).filter(n -> !n.startsWith("..")))
                    .containsExactly("a");
        }
    }

    @Test
    void modesAreKept() throws IOException {
        new AtomicFolder(folder).write(Map.of("a", new Entry(new byte[0], 0400)));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a"))))
                .isEqualTo("r--------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/passwd", "a/../../x", "..data", "", "a//b", "./a"})
    void aPathThatLeadsElsewhereIsRefused(String path) {
        assertThatThrownBy(() -> new AtomicFolder(folder).write(Map.of(path, entry("x"))))
                .isInstanceOf(IOException.class);
    }
}
