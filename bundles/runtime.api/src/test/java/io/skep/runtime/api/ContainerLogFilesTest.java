package io.skep.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLogFilesTest {

    private static final Instant AT = Instant.parse("2026-11-29T16:30:07Z");

    @TempDir
    Path folder;

    private ContainerLogFiles log;

    @BeforeEach
    void open() throws IOException {
        log = new ContainerLogFiles(folder.resolve("0.log"));
        Files.writeString(folder.resolve("10.log"), "another's");
    }

    private void rotated(int seconds, int bytes) throws IOException {
        Files.writeString(log.current(), "x".repeat(bytes));
        log.rotate(AT.plusSeconds(seconds));
    }

    @Test
    void fullFileBearsTheTimeOfItsEnd() throws IOException {
        Files.writeString(log.current(), "full");

        assertThat(log.rotate(AT))
                .hasFileName("0.log.20261129-163007-000000000")
                .hasContent("full");
        assertThat(log.current()).doesNotExist();
    }

    @Test
    void thoseThatWereFullAreListedOldestFirst() throws IOException {
        rotated(2, 1);
        rotated(1, 1);
        Files.writeString(folder.resolve("0.log.20261129-163000.gz"), "");

        assertThat(log.rotated())
                .extracting(path -> path.getFileName().toString())
                .containsExactly("0.log.20261129-163008-000000000", "0.log.20261129-163009-000000000");
    }

    @Test
    void oldestGoFirst() throws IOException {
        for (int i = 0; i < 5; i++) {
            rotated(i, 10);
        }

        log.keep(3, 10);

        assertThat(log.rotated())
                .hasSize(2)
                .allSatisfy(path -> assertThat(path.getFileName().toString()).isGreaterThan("0.log.20261129-163009"));
    }

    /** Who writes faster than the sizes are looked at. */
    @Test
    void thoseThatAreTooLargeAreFewer() throws IOException {
        rotated(0, 10);
        rotated(1, 25);
        rotated(2, 10);

        log.keep(4, 10);
        assertThat(log.rotated()).hasSize(2);

        rotated(3, 1000);
        log.keep(4, 10);
        assertThat(log.rotated())
                .singleElement()
                .satisfies(last -> assertThat(last).hasSize(1000));
    }

    @Test
    void nothingOfItIsLeftAndWhatIsAnothersStays() throws IOException {
        rotated(0, 10);
        Files.writeString(log.current(), "more");

        log.delete();

        assertThat(folder).isDirectoryContaining("glob:**/10.log");
        assertThat(folder.toFile().list()).hasSize(1);
    }
}
