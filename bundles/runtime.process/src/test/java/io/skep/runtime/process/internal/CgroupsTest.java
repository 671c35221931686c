package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a folder that looks like the kernel's. */
class CgroupsTest {

    private static final Resources LIMITED = new Resources(200, 0, 1 << 20, 0);

    @TempDir
    Path mount;

    private Cgroups unified() throws IOException {
        Files.createFile(mount.resolve("cgroup.controllers"));
        Files.createDirectories(mount.resolve("skep/c1"));
        return Cgroups.of(mount, "skep");
    }

    @Test
    void limitsAreWrittenWhereTheKernelHasThem() throws IOException {
        Cgroups cgroups = unified();
        Path memory = Files.createFile(mount.resolve("skep/c1/memory.max"));
        Path cpu = Files.createFile(mount.resolve("skep/c1/cpu.max"));

        cgroups.create("c1", LIMITED);

        assertThat(memory).hasContent("1048576");
        assertThat(cpu).hasContent("20000 100000");
    }

    @Test
    void containerStartsWhereTheKernelHasNoController() throws IOException {
        Cgroups cgroups = unified();

        assertThat(cgroups.create("c1", LIMITED)).containsExactly(mount.resolve("skep/c1/cgroup.procs"));

        assertThat(mount.resolve("skep/c1")).isEmptyDirectory();
    }
}
