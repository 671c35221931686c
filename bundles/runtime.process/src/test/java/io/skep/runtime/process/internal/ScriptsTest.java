package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptsTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    @TempDir
    Path bin;

    // A node killed on a full disk must come back to its containers: that start may write nothing.
    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() throws Exception {
        Scripts.install(bin);
        Files.setLastModifiedTime(bin.resolve("supervise"), LONG_AGO);

        Scripts.install(bin);

        assertThat(Files.getLastModifiedTime(bin.resolve("supervise"))).isEqualTo(LONG_AGO);
    }

    @Test
    void scriptOfAnEarlierBundleIsReplaced() throws Exception {
        Scripts.install(bin);
        byte[] ours = Files.readAllBytes(bin.resolve("run"));
        Files.writeString(bin.resolve("run"), "exit 1");

        Scripts.install(bin);

        assertThat(bin.resolve("run")).hasBinaryContent(ours).isExecutable();
    }
}
