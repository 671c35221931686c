package io.skep.bus.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingFilesTest {

    private static final String PID = "io.skep.some";
    private static final String TEXT = """
            # How often, in seconds.
            heartbeat.seconds = 30
            folder = ${base}/x
            """;

    @TempDir
    private Path folder;

    private final SettingFiles files = new SettingFiles(Map.of("base", "/srv")::get);
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve(PID + ".cfg"), TEXT);
    }

    private Values configured(Map<String, Object> given) {
        Hashtable<String, Object> all = new Hashtable<>(given);
        all.put("service.pid", PID);
        all.put("felix.fileinstall.filename", file.toUri().toString());
        return Values.of(all);
    }

    @Test
    void changedValueIsInTheFileWithItsCommentAndPlaceholdersStay() throws IOException {
        files.updated(PID, configured(Map.of("heartbeat.seconds", "7", "folder", "/srv/x")));

        assertThat(file).hasContent(TEXT.replace("= 30", "= 7"));
        assertThat(folder).isDirectoryNotContaining(f -> !f.equals(file));
    }

    @Test
    void keyThatIsNotConfiguredAnyMoreLeavesTheFileAndANewOneComes() throws IOException {
        files.updated(PID, configured(Map.of("folder", "/srv/x", "added", "3")));

        String text = Files.readString(file);
        assertThat(text).doesNotContain("heartbeat").contains("${base}/x").contains("added = 3");
    }

    @Test
    void fileIsRememberedForWhoeverDoesNotNameIt() throws IOException {
        files.updated(PID, configured(Map.of("heartbeat.seconds", "abc", "folder", "/srv/x")));

        files.updated(PID, Values.of(new Hashtable<>(Map.of("heartbeat.seconds", "30", "folder", "/srv/x"))));

        assertThat(file).hasContent(TEXT);
    }

    @Test
    void fileThatSaysTheSameIsNotTouched() throws IOException {
        FileTime before = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(file, before);

        files.updated(PID, configured(Map.of("heartbeat.seconds", "30", "folder", "/srv/x")));

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
    }

    // The point of it all: no reader ever finds an empty file.
    @Test
    void whoReadsMeanwhileReadsTheFormerFileToItsEnd() throws IOException {
        try (InputStream reader = Files.newInputStream(file)) {
            files.updated(PID, configured(Map.of("heartbeat.seconds", "7", "folder", "/srv/x")));

            assertThat(new String(reader.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(TEXT);
        }
    }

    @Test
    void fileOfAnotherKindIsNotOursToWriteOrDelete() throws IOException {
        file = Files.writeString(folder.resolve(PID + ".json"), "{\"heartbeat.seconds\": \"30\"}");

        files.updated(PID, configured(Map.of("heartbeat.seconds", "7")));
        files.deleted(PID);

        assertThat(file).hasContent("{\"heartbeat.seconds\": \"30\"}");
    }

    @Test
    void deletedConfigurationTakesItsFileWithIt() {
        files.known(PID, configured(Map.of()).dictionary());

        files.deleted(PID);

        assertThat(file).doesNotExist();
    }

    @Test
    void fileThatWasTakenAwayByHandIsNotWrittenAgain() throws IOException {
        files.known(PID, configured(Map.of()).dictionary());
        Files.delete(file);

        files.updated(PID, configured(Map.of("heartbeat.seconds", "7")));
        files.deleted(PID);

        assertThat(file).doesNotExist();
    }
}
