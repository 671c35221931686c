package io.skep.runtime.api.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineProgramTest {

    @TempDir
    Path folder;

    private final MachineProgram shell = MachineProgram.find("sh").orElseThrow();

    @Test
    void programIsRunWithItsArgumentsInAnEnvironmentOfItsOwn() throws IOException {
        Path file = folder.resolve("file");

        shell.run("writing", List.of("-c", "echo \"$PATH $LC_ALL ${HOME-none} $1\" > \"$0\"", file.toString(), "a b"));

        assertThat(file).hasContent("/usr/sbin:/usr/bin:/sbin:/bin C none a b\n");
    }

    @Test
    void failureSaysWhatWasDoneAndWhatTheProgramSays() {
        assertThatThrownBy(() -> shell.run("a try", List.of("-c", "echo one; echo ' two' >&2; exit 3")))
                .isInstanceOf(IOException.class)
                .hasMessage("a try: exit status 3: one two");
    }

    @Test
    void programThatIsNotDoneInTimeIsEnded() throws IOException {
        Path pid = folder.resolve("pid");
        MachineProgram hasty = new MachineProgram(Path.of("/bin/sh"), Duration.ofSeconds(1));

        assertThatThrownBy(() -> hasty.run("a nap", List.of("-c", "echo $$ > \"$0\"; exec sleep 600", pid.toString())))
                .isInstanceOf(IOException.class)
                .hasMessage("a nap: not done after 1 s");

        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .ifPresent(ended -> ended.onExit().join());
    }

    // The caller's thread is wanted elsewhere: who stops it sees that it was.
    @Test
    void interruptedCallerGoesOnInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> shell.run("a nap", List.of("-c", "exec sleep 600")))
                .hasMessage("a nap: interrupted");

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void programThatTheMachineDoesNotHaveIsNamed() {
        assertThat(MachineProgram.find("no-such-program")).isEmpty();
        assertThatThrownBy(() -> MachineProgram.of("no-such-program"))
                .isInstanceOf(IOException.class)
                .hasMessage("the node has no program no-such-program");
    }
}
