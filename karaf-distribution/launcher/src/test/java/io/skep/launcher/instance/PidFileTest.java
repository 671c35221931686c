package io.skep.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.launcher.host.Unreaped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    @TempDir
    Path folder;

    @Test
    void livingProcessIsFound() {
        Path file = folder.resolve("pid");

        PidFile.write(file, ProcessHandle.current());

        assertThat(PidFile.read(file)).contains(ProcessHandle.current());
    }

    // What the clock says of a start changes when the clock is set: a machine without one of its own does so at each
    // boot.
    @Test
    void processIsNotedByWhatNoClockChanges() throws IOException {
        Path file = folder.resolve("pid");

        PidFile.write(file, ProcessHandle.current());

        String stat = Files.readString(Path.of("/proc/self/stat"));
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
        String ticks = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
        assertThat(file).hasContent(ProcessHandle.current().pid() + " " + ticks + " " + boot.strip());
    }

    @Test
    void processOfAnotherBootIsNotOurs() throws IOException {
        Path file = folder.resolve("pid");
        PidFile.write(file, ProcessHandle.current());

        Files.writeString(file, Files.readString(file).strip() + "0\n");

        assertThat(PidFile.read(file)).isEmpty();
    }

    // Pids are given out again: ours is the one with our start time.
    @Test
    void processThatGotThePidLaterIsNotOurs() throws IOException {
        Path file =
                Files.writeString(folder.resolve("pid"), ProcessHandle.current().pid() + " 12345\n");

        assertThat(PidFile.read(file)).isEmpty();
    }

    // Killed, its pid is taken until whoever inherited it asks for its code, which some never do.
    @Test
    void processThatHasEndedButIsNotReapedIsNone() throws IOException {
        Path file = folder.resolve("pid");
        try (Unreaped ended = Unreaped.make()) {
            PidFile.write(file, ended.process());

            assertThat(PidFile.read(file)).isEmpty();
        }
    }

    @Test
    void absentTornOrForeignFileIsNoProcess() throws IOException {
        assertThat(PidFile.read(folder.resolve("none"))).isEmpty();
        for (String text : new String[] {"", "12", "1 2 3", "x y", "999999999999999999999 1"}) {
            assertThat(PidFile.read(Files.writeString(folder.resolve("pid"), text)))
                    .as(text)
                    .isEmpty();
        }
    }
}
