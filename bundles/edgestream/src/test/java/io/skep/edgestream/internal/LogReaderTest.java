package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fill() throws IOException {
        file = folder.resolve("0.log");
        Files.writeString(folder.resolve("0.log.20260101-000001"), "2026-01-01T00:00:01.000000000Z stdout F one\n");
        Files.writeString(file, """
                2026-01-01T00:00:30.000000000Z stderr P tw
                2026-01-01T00:00:31.000000000Z stderr F o
                2026-01-01T00:00:50.000000000Z stdout F\s
                2026-01-01T00:00:55.000000000Z stdout F three  words
                2026-01-01T00:00:56.000000000Z stdout F still being wri""");
    }

    private String read(String query) throws IOException {
        try (LogReader reader = open(query)) {
            return more(reader);
        }
    }

    private LogReader open(String query) {
        return new LogReader(file, LogOptions.parse(query, NOW));
    }

    /** What is there now, taken in small pieces. */
    private static String more(LogReader reader) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] piece = reader.read(4); piece.length > 0; piece = reader.read(4)) {
            out.writeBytes(piece);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void readerGoesOnWhereItWasWhenMoreIsWritten() throws IOException {
        try (LogReader reader = open("follow=true&tailLines=1")) {
            assertThat(more(reader)).isEqualTo("three  words\n");

            append("tten\n2026-01-01T00:00:57Z stdout F next\n");

            assertThat(more(reader)).isEqualTo("still being written\nnext\n");
        }
    }

    @Test
    void rotationLosesAndRepeatsNothing() throws IOException {
        try (LogReader reader = open("follow=true&tailLines=0")) {
            more(reader);
            append("tten\n");
            Files.move(file, folder.resolve("0.log.20260101-000059"));
            assertThat(more(reader)).isEqualTo("still being written\n");
            append("2026-01-01T00:01:01Z stdout F a\n");
            Files.move(file, folder.resolve("0.log.20260101-000102"));
            append("2026-01-01T00:01:02Z stdout F b\n");

            assertThat(more(reader)).isEqualTo("a\nb\n");
        }
    }

    // A slow reader on a busy log: what it stood in was removed meanwhile.
    @Test
    void readerThatFellBehindGoesOnWithTheOldestThereIs() throws IOException {
        try (LogReader reader = open("")) {
            assertThat(new String(reader.read(1), StandardCharsets.UTF_8)).isEqualTo("one\n");
            Files.delete(folder.resolve("0.log.20260101-000001"));

            assertThat(more(reader)).isEqualTo("two\n\nthree  words\n");
        }
    }

    @Test
    void closedReaderReadsNothingMore() throws IOException {
        LogReader reader = open("");
        reader.close();
        Files.delete(file);
        Files.delete(folder.resolve("0.log.20260101-000001"));

        // A log that is not there would be an error if it were opened.
        assertThat(more(reader)).isEmpty();
    }

    @Test
    void linesComeBackAsTheyWereWrittenWhateverRotationDid() throws IOException {
        assertThat(read("")).isEqualTo("one\ntwo\n\nthree  words\n");
    }

    @Test
    void tailCountsLinesAndNotParts() throws IOException {
        assertThat(read("tailLines=3")).isEqualTo("two\n\nthree  words\n");
        assertThat(read("tailLines=0")).isEmpty();
        assertThat(read("tailLines=99")).isEqualTo("one\ntwo\n\nthree  words\n");
    }

    /** Blocks, files and lines end where they like. */
    @Test
    void tailBeginsWhereItsLinesBeginHoweverLongTheLogIs() throws IOException {
        Random random = new Random(7);
        Files.delete(file);
        List<String> lines = new ArrayList<>(List.of("one"));
        for (int part = 0; part < 4; part++) {
            for (int i = 0; i < 40; i++) {
                String text = part + "-" + i + "-" + "x".repeat(random.nextInt(9000));
                int cut = random.nextInt(text.length());
                append(
                        random.nextBoolean()
                                ? entry("F", text)
                                : entry("P", text.substring(0, cut)) + entry("F", text.substring(cut)));
                lines.add(text);
            }
            if (part < 3) {
                Files.move(file, folder.resolve("0.log.20260101-00010" + part));
            }
        }
        append("2026-01-01T00:01:00Z stdout F unfin");

        for (int tail = 0; tail <= lines.size() + 1; tail++) {
            List<String> last = lines.subList(Math.max(0, lines.size() - tail), lines.size());
            assertThat(read("tailLines=" + tail).lines()).as("tail " + tail).containsExactlyElementsOf(last);
        }
    }

    @Test
    void tailIsCountedFromTheEndThatWasAskedFor() throws IOException {
        try (LogEnd end = LogEnd.now(file).orElseThrow()) {
            append("tten\n2026-01-01T00:00:57Z stdout F next\n");
            Files.move(file, folder.resolve("0.log.20260101-000059"));
            append("2026-01-01T00:01:01Z stdout F a\n");

            Optional<LogPlace> begin = LogTail.of(file, 1, Optional.of(end.place()));
            try (LogCursor cursor = new LogCursor(file, begin, Optional.of(end))) {
                assertThat(cursor.next())
                        .hasValueSatisfying(entry -> assertThat(entry.text())
                                .asString(StandardCharsets.UTF_8)
                                .isEqualTo("three  words"));
                assertThat(cursor.next()).isEmpty();
            }
        }
    }

    private static String entry(String tag, String text) {
        return "2026-01-01T00:01:00.123456789Z stdout " + tag + " " + text + "\n";
    }

    /** A container may write faster than its log is read. */
    @Test
    void whoDoesNotFollowIsGivenWhatWasThereWhenHeAsked() throws IOException {
        try (LogReader reader = open("")) {
            assertThat(new String(reader.read(1), StandardCharsets.UTF_8)).isEqualTo("one\n");
            append("tten\n2026-01-01T00:00:57Z stdout F next\n");
            Files.move(file, folder.resolve("0.log.20260101-000059"));
            append("2026-01-01T00:01:01Z stdout F a\n");

            assertThat(more(reader)).isEqualTo("two\n\nthree  words\n");
        }
    }

    @Test
    void whoDoesNotFollowIsAtTheEndWhenAllHeAskedForIsGone() throws IOException {
        try (LogReader reader = open("")) {
            assertThat(new String(reader.read(1), StandardCharsets.UTF_8)).isEqualTo("one\n");
            Files.delete(folder.resolve("0.log.20260101-000001"));
            Files.delete(file);
            append("2026-01-01T00:01:01Z stdout F a\n");

            assertThat(more(reader)).isEmpty();
        }
    }

    @Test
    void timeStandsOnceBeforeALine() throws IOException {
        assertThat(read("timestamps=true&tailLines=3"))
                .isEqualTo("2026-01-01T00:00:30.000000000Z two\n2026-01-01T00:00:50.000000000Z \n"
                        + "2026-01-01T00:00:55.000000000Z three  words\n");
    }

    @Test
    void sinceLeavesOutWhatIsOlder() throws IOException {
        assertThat(read("sinceSeconds=10")).isEqualTo("\nthree  words\n");
        assertThat(read("sinceTime=2026-01-01T01%3A00%3A55%2B01%3A00")).isEqualTo("three  words\n");
    }

    @Test
    void limitCutsInTheMiddleOfALine() throws IOException {
        assertThat(read("limitBytes=6")).isEqualTo("one\ntw");
    }

    @Test
    void lineThatIsNoEntryIsPassedOver() throws IOException {
        Files.writeString(file, "half\n\nno time F x\n2026-01-01T00:00:55Z stdout F good\n");
        assertThat(read("tailLines=1")).isEqualTo("good\n");
    }

    @Test
    void logThatIsNotThereIsAnError() throws IOException {
        Files.delete(file);
        Files.delete(folder.resolve("0.log.20260101-000001"));
        assertThatThrownBy(() -> read("")).isInstanceOf(IOException.class).hasMessageContaining("0.log");
    }

    @Test
    void wrongFieldIsNamed() {
        for (String query : new String[] {
            "tailLines=-1",
            "tailLines=x",
            "limitBytes=0",
            "sinceSeconds=0",
            "sinceTime=today",
            "follow=maybe",
            "sinceSeconds=9223372036854775807"
        }) {
            String name = query.substring(0, query.indexOf('='));
            assertThatThrownBy(() -> LogOptions.parse(query, NOW))
                    .as(query)
                    .isInstanceOf(EdgeException.class)
                    .hasMessageContaining(name);
        }
        assertThatThrownBy(() -> LogOptions.parse("sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z", NOW))
                .hasMessageContaining("at most one");
    }

    @Test
    void queryOfKubectlIsUnderstood() {
        LogOptions options = LogOptions.parse("container=c&follow=true&previous=true&timestamps=true", NOW);
        assertThat(options.follow()).isTrue();
        assertThat(options.previous()).isTrue();
        assertThat(options.timestamps()).isTrue();
        assertThat(options.tailLines()).isEmpty();
    }
}
