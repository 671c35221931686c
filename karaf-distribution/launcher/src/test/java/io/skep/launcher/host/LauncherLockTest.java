package io.skep.launcher.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.launcher.instance.Jvm;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherLockTest {

    @TempDir
    Path folder;

    /** A lock of this process would not be one against itself, so another one holds it. */
    public static final class Holder {
        public static void main(String[] args) {
            LauncherLock.alone(Path.of(args[0]), "lock", "taken", () -> {
                System.out.println("held");
                LockSupport.park();
            });
        }
    }

    private void take() {
        LauncherLock.alone(folder, "lock", "it is taken", () -> {});
    }

    @Test
    void lockIsAnotherLaunchersUntilThatEnds() throws Exception {
        Process holder = new ProcessBuilder(
                        Jvm.java(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = holder.inputReader()) {
            assertThat(out.readLine()).isEqualTo("held");
            assertThatThrownBy(this::take).isInstanceOf(LauncherException.class).hasMessage("it is taken");
        } finally {
            holder.destroyForcibly().waitFor();
        }

        assertThatCode(this::take).doesNotThrowAnyException();
        AtomicBoolean done = new AtomicBoolean();
        LauncherLock.inTurn(folder, "lock", "waits", () -> done.set(true));
        assertThat(done).isTrue();
    }
}
