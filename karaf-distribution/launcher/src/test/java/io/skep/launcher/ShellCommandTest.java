package io.skep.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ShellCommandTest {

    @Test
    void commandWhoseJvmIsGoneDidNotEndWell() throws IOException, InterruptedException {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();

        assertThat(ShellCommand.outlived(0, gone.toHandle())).isTrue();
    }

    @Test
    void codeOfACommandCountsWhereItsJvmLives() {
        assertThat(ShellCommand.outlived(0, ProcessHandle.current())).isFalse();
        assertThat(ShellCommand.outlived(1, ProcessHandle.current())).isFalse();
    }
}
