package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.Resources;
import io.skep.runtime.cri.internal.wire.Cri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders play the kernel: its files are there, what is written stays. */
class PodLimitsTest {

    private static final Path ONE = Path.of("skep/burstable/pod1");
    private static final Path TWO = Path.of("skep/burstable/pod2");
    private static final Resources HALF = new Resources(500, 512, 64 << 20, 0);

    @TempDir
    Path mount;

    private void file(String path, String content) throws IOException {
        Path file = mount.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void legacy(Path... groups) throws IOException {
        for (Path group : groups) {
            file("cpu/" + group + "/cpu.shares", "1024\n");
            file("cpu/" + group + "/cpu.cfs_period_us", "100000\n");
            file("cpu/" + group + "/cpu.cfs_quota_us", "-1\n");
            file("memory/" + group + "/memory.limit_in_bytes", "max\n");
        }
    }

    private String read(String path) throws IOException {
        return Files.readString(mount.resolve(path)).strip();
    }

    @Test
    void versionOneKeepsWeightQuotaAndMemory() throws IOException {
        legacy(Path.of("skep/burstable"), ONE);

        new PodLimits(mount).keep(ONE, HALF);

        assertThat(read("cpu/skep/burstable/pod1/cpu.shares")).isEqualTo("512");
        assertThat(read("cpu/skep/burstable/pod1/cpu.cfs_quota_us")).isEqualTo("50000");
        assertThat(read("memory/skep/burstable/pod1/memory.limit_in_bytes")).isEqualTo("67108864");
    }

    // Otherwise ten busy pods of a class had together what one pod outside has.
    @Test
    void classWeighsWhatItsPodsWeighTogether() throws IOException {
        legacy(Path.of("skep/burstable"), ONE, TWO);
        file("cpu/skep/burstable/pod2/cpu.shares", "100\n");

        new PodLimits(mount).keep(ONE, HALF);

        assertThat(read("cpu/skep/burstable/cpu.shares")).isEqualTo("612");
    }

    @Test
    void podWhoseUidHasHyphensCounts() throws IOException {
        Path pod = Path.of("skep/burstable/pod7a2718b0-a903-4467-8784-31a286550052");
        legacy(Path.of("skep/burstable"), pod);

        new PodLimits(mount).keep(pod, HALF);

        assertThat(read("cpu/skep/burstable/cpu.shares")).isEqualTo("512");
    }

    @Test
    void podInASliceCounts() throws IOException {
        Path clazz = Path.of("skep.slice/skep-burstable.slice");
        Path pod = clazz.resolve("skep-burstable-pod7a2718b0_a903_4467_8784_31a286550052.slice");
        legacy(clazz, pod);

        new PodLimits(mount).keep(pod, HALF);

        assertThat(read("cpu/" + clazz + "/cpu.shares")).isEqualTo("512");
    }

    @Test
    void bestEffortWeighsTheLeastHoweverManyItsPodsAre() throws IOException {
        Path pod = Path.of("skep/besteffort/pod1");
        legacy(Path.of("skep/besteffort"), pod, Path.of("skep/besteffort/pod2"));

        new PodLimits(mount).keep(pod, new Resources(0, 2, 0, 0));

        assertThat(read("cpu/skep/besteffort/cpu.shares")).isEqualTo("2");
        assertThat(read("cpu/skep/besteffort/pod1/cpu.cfs_quota_us")).isEqualTo("-1");
    }

    @Test
    void versionTwoKeepsTheSame() throws IOException {
        file("cgroup.controllers", "cpu memory pids\n");
        for (String group : new String[] {"skep/burstable", "skep/burstable/pod1"}) {
            file(group + "/cpu.weight", "100\n");
            file(group + "/cpu.max", "max 100000\n");
            file(group + "/memory.max", "max\n");
        }

        new PodLimits(mount).keep(ONE, HALF);

        assertThat(read("skep/burstable/pod1/cpu.weight")).isEqualTo("20");
        assertThat(read("skep/burstable/pod1/cpu.max")).isEqualTo("50000 100000");
        assertThat(read("skep/burstable/pod1/memory.max")).isEqualTo("67108864");
        assertThat(read("skep/burstable/cpu.weight")).isEqualTo("20");
    }

    @Test
    void cgroupThatCannotBeWrittenIsDoneWithout() {
        new PodLimits(mount).keep(ONE, HALF);
        new PodLimits(mount).remove(ONE);

        assertThat(mount.resolve("cpu")).doesNotExist();
    }

    @Test
    void emptyCgroupGoesAndTheClassWeighsLess() throws IOException {
        legacy(Path.of("skep/burstable"), TWO);
        Files.createDirectories(mount.resolve("cpu").resolve(ONE));
        Files.createDirectories(mount.resolve("pids").resolve(ONE));

        new PodLimits(mount).remove(ONE);

        assertThat(mount.resolve("cpu").resolve(ONE)).doesNotExist();
        assertThat(mount.resolve("pids").resolve(ONE)).doesNotExist();
        assertThat(read("cpu/skep/burstable/cpu.shares")).isEqualTo("1024");
    }

    // CRI-O forgets its conmons' when it is started anew, and those of containers it could not make.
    @Test
    void emptyCgroupsInItGoWithIt() throws IOException {
        legacy(Path.of("skep/burstable"));
        Files.createDirectories(mount.resolve("pids").resolve(ONE).resolve("crio-conmon-1/deeper"));
        Files.createDirectories(mount.resolve("cpu").resolve(TWO).resolve("crio-conmon-2"));
        file("cpu/" + TWO + "/crio-2/tasks", "4711");

        new PodLimits(mount).remove(ONE);
        new PodLimits(mount).remove(TWO);

        assertThat(mount.resolve("pids").resolve(ONE)).doesNotExist();
        assertThat(mount.resolve("cpu").resolve(TWO).resolve("crio-2/tasks")).exists();
        assertThat(mount.resolve("cpu").resolve(TWO).resolve("crio-conmon-2")).doesNotExist();
    }

    // A shell whose child was killed went on as if nothing had been.
    @Test
    void allOfAContainerEndsWhenItsMemoryDoes() throws IOException {
        file("cgroup.controllers", "cpu memory pids\n");

        Map<String, String> files = new PodLimits(mount).ofEachContainer();

        assertThat(files).containsExactly(Map.entry("memory.oom.group", "1"));
        assertThat(ToCri.container(FakePods.container("a"), Cri.PodSandboxConfig.getDefaultInstance(), files)
                        .getLinux()
                        .getResources()
                        .getUnifiedMap())
                .isEqualTo(files);
    }

    // runc makes no container with what it can't write.
    @Test
    void engineIsNotToldOfWhatTheKernelDoesNotKeep() throws IOException {
        assertThat(new PodLimits(mount).ofEachContainer()).isEmpty();
        file("cgroup.controllers", "cpu pids\n");
        assertThat(new PodLimits(mount).ofEachContainer()).isEmpty();
    }
}
