package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLogTest {

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z";

    @TempDir
    private Path dir;

    private ContainerFolder folder;
    private Path file;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = new ContainerFolder(Files.createDirectory(dir.resolve("c")), dir.resolve("exit"));
        file = dir.resolve("logs/app/0.log");
    }

    @Test
    void linesAreInCriFormat() throws IOException {
        write(folder.stdout(), "hello ü\n\nlast\n");
        write(folder.stderr(), "oops\n");

        open().pump();

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches(TIME + " stdout F hello ü");
        assertThat(lines.get(1)).matches(TIME + " stdout F ");
        assertThat(lines.get(2)).matches(TIME + " stdout F last");
        assertThat(lines.get(3)).matches(TIME + " stderr F oops");
    }

    @Test
    void unfinishedLineWaitsForItsEnd() throws IOException {
        write(folder.stdout(), "be");
        ContainerLog log = open();
        log.pump();
        assertThat(texts()).isEmpty();

        write(folder.stdout(), "gin\nen");
        log.pump();
        assertThat(texts()).containsExactly("F begin");

        write(folder.stdout(), "d");
        log.finish();
        assertThat(texts()).containsExactly("F begin", "F end");
    }

    @Test
    void longLineIsCutIntoPieces() throws IOException {
        String line = "x".repeat(40_000);
        write(folder.stdout(), line + "\nshort\n");

        open().pump();

        assertThat(texts())
                .containsExactly(
                        "P " + line.substring(0, 16384),
                        "P " + line.substring(0, 16384),
                        "F " + line.substring(0, 40_000 - 2 * 16384),
                        "F short");
    }

    @Test
    void lineOfExactlyOnePieceIsWhole() throws IOException {
        write(folder.stdout(), "x".repeat(16384) + "\n");

        open().pump();

        assertThat(texts()).containsExactly("F " + "x".repeat(16384));
    }

    @Test
    void moreThanOneChunkComesWholeAndInOrder() throws IOException {
        List<String> expected = new ArrayList<>();
        StringBuilder output = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            output.append("line ").append(i).append('\n');
            expected.add("F line " + i);
        }
        write(folder.stdout(), output.toString());

        ContainerLog log = open();
        while (log.pump()) {
            // until nothing is left
        }

        assertThat(texts()).isEqualTo(expected);
    }

    @Test
    void fullFileIsRotatedAndTheOldestGoes() throws IOException {
        ContainerLog log = new ContainerLog(folder, new CriLog(file, 4096, 3), List.of());
        for (int i = 0; i < 50; i++) {
            write(folder.stdout(), ("line " + i + " " + "x".repeat(1000) + "\n"));
            log.pump();
        }

        try (var files = Files.list(file.getParent())) {
            List<Path> found = files.sorted().toList();
            assertThat(found.size()).isBetween(2, 3);
            assertThat(found).allSatisfy(each -> assertThat(Files.size(each)).isLessThan(3 * 4096));
            assertThat(found.get(found.size() - 1).getFileName().toString()).matches("0\\.log\\.\\d{8}-\\d{6}-\\d{9}");
        }
    }

    @Test
    void anotherLogGoesOnWhereTheFirstEnded() throws IOException {
        write(folder.stdout(), "one\ntw");
        ContainerLog first = open();
        first.pump();
        first.close();
        write(folder.stdout(), "o\nthree\n");

        open().pump();

        assertThat(texts()).containsExactly("F one", "F two", "F three");
    }

    // Killed between writing the log and remembering it: the lines come again, so the first ones must go.
    @Test
    void linesThatWereNotRememberedAreNotThereTwice() throws IOException {
        write(folder.stdout(), "one\n");
        ContainerLog first = open();
        first.pump();
        String remembered = Files.readString(folder.logPosition());
        write(folder.stdout(), "two\n");
        first.pump();
        Files.writeString(folder.logPosition(), remembered);

        open().pump();

        assertThat(texts()).containsExactly("F one", "F two");
    }

    @Test
    void rawOutputGivesItsSpaceBack() throws IOException {
        ContainerLog log = new ContainerLog(
                folder, new CriLog(file, 100 << 20, 2), Tools.ofThisMachine().punch());
        String line = "x".repeat(999) + "\n";
        for (int i = 0; i < 20; i++) {
            write(folder.stdout(), line.repeat(1000));
            while (log.pump()) {
                // until nothing is left
            }
        }

        assertThat(texts()).hasSize(20_000);
        // 512 bytes each, says stat(2); 20 MB were written.
        assertThat(blocks(folder.stdout()) * 512).isLessThan(9L << 20);
    }

    @Test
    void withoutHolesTheFileIsCutWhereAllWasRead() throws IOException {
        ContainerLog log = open();
        write(folder.stdout(), ("x".repeat(999) + "\n").repeat(6000));
        while (log.pump()) {
            // until nothing is left
        }
        write(folder.stdout(), "after\n");
        log.pump();

        assertThat(texts()).hasSize(6001).last().isEqualTo("F after");
        assertThat(Files.size(folder.stdout())).isLessThan(1 << 20);
    }

    private static long blocks(Path path) throws IOException {
        try {
            Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
            return Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim());
        } catch (NumberFormatException e) {
            throw new IOException(e);
        }
    }

    private ContainerLog open() throws IOException {
        return new ContainerLog(folder, new CriLog(file, 10 << 20, 5), List.of());
    }

    private List<String> texts() throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> line.split(" ", 3)[2])
                        .toList()
                : List.of();
    }

    private static void write(Path raw, String text) throws IOException {
        Files.writeString(raw, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
