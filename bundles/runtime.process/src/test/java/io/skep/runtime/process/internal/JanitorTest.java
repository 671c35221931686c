package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JanitorTest {

    private static final long LIMIT = 1 << 20;

    @TempDir
    private Path folder;

    private final ProcFiles proc = new ProcFiles(Path.of("/proc"));
    private Layout layout;
    private ContainerFolder container;
    private Janitor janitor;

    @BeforeEach
    void open() throws IOException {
        layout = Layout.create(folder.resolve("runtime"));
        Scripts.install(layout.bin());
        container = layout.container("c");
        Files.createDirectory(container.dir());
        janitor = new Janitor(Tools.ofThisMachine(), layout, proc);
    }

    @AfterEach
    void sendHome() throws IOException {
        long pid = owner();
        Files.deleteIfExists(layout.folder().resolve("janitor"));
        Eventually.holds(
                "janitor is gone",
                () -> proc.stat(pid).filter(ProcessStat::alive).isEmpty());
    }

    @Test
    void outputBeyondTheLimitIsThrownAwayWhileNobodyLogsIt() throws Exception {
        write("x".repeat(2 << 20));
        Files.writeString(container.stderr(), "kept\n");

        janitor.start(LIMIT, Duration.ofSeconds(1), gone());

        Eventually.holds("output is cut", () -> Files.size(container.stdout()) == 0);
        assertThat(container.dir().resolve("stdout.cut")).exists();
        assertThat(container.stderr()).hasContent("kept\n");
    }

    @Test
    void nothingIsTouchedWhileTheRuntimeLives() throws Exception {
        write("x".repeat(2 << 20));

        janitor.start(LIMIT, Duration.ofSeconds(1));
        Eventually.holds("janitor is there", () -> owner() > 0);
        long first = owner();
        janitor.start(LIMIT, Duration.ofSeconds(1));

        // The first one leaves at its next look, which it would have done more than one of by then.
        Eventually.holds(
                "first one left",
                () -> owner() != first
                        && proc.stat(first).filter(ProcessStat::alive).isEmpty());
        assertThat(Files.size(container.stdout())).isEqualTo(2 << 20);
    }

    // Positions of before the cut mean nothing any more: going on there would skip lines.
    @Test
    void logGoesOnAtTheFrontAfterACut() throws Exception {
        Path file = folder.resolve("0.log");
        write("before\n");
        ContainerLog first = new ContainerLog(container, new CriLog(file, 1 << 20, 2), List.of());
        first.pump();
        first.close();
        Files.writeString(container.stdout(), "after the cut\n");
        Files.createFile(container.dir().resolve("stdout.cut"));

        new ContainerLog(container, new CriLog(file, 1 << 20, 2), List.of()).pump();

        assertThat(Files.readAllLines(file))
                .extracting(line -> line.split(" ", 4)[3])
                .containsExactly("before", "after the cut");
        assertThat(container.dir().resolve("stdout.cut")).doesNotExist();
    }

    private long gone() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    private long owner() throws IOException {
        Path file = layout.folder().resolve("janitor");
        return Files.exists(file) ? Long.parseLong(Files.readString(file).trim()) : 0;
    }

    private void write(String text) throws IOException {
        Files.writeString(container.stdout(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
