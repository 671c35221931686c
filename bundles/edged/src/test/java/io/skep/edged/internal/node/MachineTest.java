package io.skep.edged.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder plays the machine. */
class MachineTest {

    @TempDir
    Path root;

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content + "\n");
    }

    // systemd sets pid_max to four millions, which a small machine's kernel never lets there be.
    @Test
    void thereAreAsManyProcessesAsTheLowerOfTheKernelsLimitsLets() throws IOException {
        file("proc/loadavg", "0.00 0.01 0.05 1/150 4711");
        file("proc/sys/kernel/pid_max", "4194304");
        file("proc/sys/kernel/threads-max", "23677");
        assertThat(new Machine(root, root).load().pids()).isEqualTo(23677);
        assertThat(new Machine(root, root).load().pidsUsed()).isEqualTo(150);

        file("proc/sys/kernel/pid_max", "4096");
        assertThat(new Machine(root, root).load().pids()).isEqualTo(4096);
    }

    @Test
    void limitThatIsNotToldCountsForNothing() throws IOException {
        file("proc/sys/kernel/pid_max", "32768");
        assertThat(new Machine(root, root).load().pids()).isEqualTo(32768);
    }

    // The kernel gives such a number in one piece or not at all, and Files.readString asks for its first digit alone.
    @Test
    @EnabledOnOs(OS.LINUX)
    void realMachineLetsThereBeMoreThanADigitsWorthOfProcesses() {
        Machine.Load load = new Machine(root).load();

        assertThat(load.pids()).isGreaterThan(load.pidsUsed()).isGreaterThan(300);
    }
}
