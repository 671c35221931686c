package io.skep.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.launcher.host.Unreaped;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ShellCommandTest {

    @Test
    void commandWhoseJvmIsGoneDidNotEndWell() throws IOException, InterruptedException {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();

        assertThat(ShellCommand.outlived(0, gone.toHandle())).isTrue();
    }

    // Karaf's client hears the end of the line before anybody has asked for the killed JVM's code.
    @Test
    void commandWhoseJvmHasEndedButIsNotReapedDidNotEndWell() throws IOException {
        try (Unreaped jvm = Unreaped.make()) {
            assertThat(ShellCommand.outlived(0, jvm.process())).isTrue();
        }
    }

    @Test
    void codeOfACommandCountsWhereItsJvmLives() {
        assertThat(ShellCommand.outlived(0, ProcessHandle.current())).isFalse();
        assertThat(ShellCommand.outlived(1, ProcessHandle.current())).isFalse();
    }
}
