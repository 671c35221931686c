package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** systemd is asked for what it would undo, or leave for ever, if it were done past it. */
class SlicesTest {

    private static final PodCgroup POD = PodCgroup.of("skep", "burstable/pod12-34");
    private static final String SLICE = "skep-burstable-pod12_34.slice";
    private static final Resources HALF = new Resources(501, 512, 64 << 20, 0);

    @TempDir
    Path mount;

    @TempDir
    Path units;

    private final List<String> asked = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private Slices slices;

    @BeforeEach
    void versionTwo() throws IOException {
        file("cgroup.controllers", "cpu memory pids\n");
        slices = slices();
    }

    private Slices slices() {
        return new Slices(PodCgroup.of("skep", ""), units, new PodLimits(mount), (method, signature, arguments) -> {
            asked.add(method + " " + signature + " " + String.join(" ", arguments));
            if (refused.contains(method)) {
                throw new IOException(method + " is refused");
            }
        });
    }

    private void file(String path, String content) throws IOException {
        Path file = mount.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void weighs(PodCgroup slice, int weight) throws IOException {
        file(slice.folder(true).resolve("cpu.weight").toString(), weight + "\n");
    }

    // Written to the cgroup, they are gone with the next daemon-reload.
    @Test
    void limitsOfAPodAreItsSlicesProperties() {
        assertThat(slices.start(POD, HALF)).isTrue();

        assertThat(asked.get(asked.size() - 1))
                .isEqualTo("StartTransientUnit ssa(sv)a(sa(sv)) " + SLICE + " replace 3"
                        + " CPUWeight t 20 CPUQuotaPerSecUSec t 510000 MemoryMax t 67108864 0");
    }

    @Test
    void podWithoutLimitsHasOnlyAWeight() {
        slices.start(POD, new Resources(0, 2, 0, 0));

        assertThat(asked.get(asked.size() - 1)).endsWith(" 1 CPUWeight t 1 0");
    }

    // Stopped as soon as a shutdown began, they took all pods with them; a property of a transient slice doesn't
    // prevent it.
    @Test
    void slicesStayUntilPodsHaveEnded() {
        slices.start(POD, HALF);

        for (String name : List.of("skep.slice.d", "skep-.slice.d")) {
            assertThat(units.resolve(name).resolve("50-skep.conf")).hasContent("[Unit]\nDefaultDependencies=no\n");
        }
        assertThat(asked).singleElement().asString().startsWith("StartTransientUnit");
    }

    @Test
    void slicesThatAreThereAreToStayTooAndSystemdIsToldOnce() throws IOException {
        Files.createDirectories(mount.resolve("skep.slice"));

        slices.start(POD, HALF);
        slices.start(POD, HALF);

        assertThat(asked)
                .extracting(call -> call.split(" ")[0])
                .containsExactly("Reload", "StartTransientUnit", "StartTransientUnit");
    }

    @Test
    void sliceThatIsThereIsGivenItsLimits() {
        refused.add("StartTransientUnit");

        assertThat(slices.start(POD, HALF)).isTrue();

        assertThat(asked.get(asked.size() - 1))
                .isEqualTo("SetUnitProperties sba(sv) " + SLICE + " true 3"
                        + " CPUWeight t 20 CPUQuotaPerSecUSec t 510000 MemoryMax t 67108864");
    }

    @Test
    void machineWhoseSystemdCannotBeAskedSaysSo() {
        refused.addAll(Set.of("StartTransientUnit", "SetUnitProperties"));

        assertThat(slices.start(POD, HALF)).isFalse();
    }

    @Test
    void versionOneHasNamesOfItsOwn() throws IOException {
        Files.delete(mount.resolve("cgroup.controllers"));

        slices().start(POD, HALF);

        assertThat(asked.get(asked.size() - 1))
                .endsWith("CPUShares t 512 CPUQuotaPerSecUSec t 510000 MemoryLimit t 67108864 0");
    }

    @Test
    void classWeighsWhatItsPodsWeighTogether() throws IOException {
        weighs(POD.above(), 100);
        weighs(POD, 20);
        weighs(PodCgroup.of("skep", "burstable/pod5"), 5);

        slices.weigh(POD);

        assertThat(asked).containsExactly("SetUnitProperties sba(sv) skep-burstable.slice true 1 CPUWeight t 25");
    }

    @Test
    void classThatWeighsThatAlreadyIsLeftAlone() throws IOException {
        weighs(POD.above(), 20);
        weighs(POD, 20);

        slices.weigh(POD);
        slices.weigh(PodCgroup.of("skep", "pod7"));

        assertThat(asked).isEmpty();
    }

    // systemd keeps a slice when the last of what was in it ends.
    @Test
    void emptySliceIsStoppedAndTheClassWeighsLess() throws IOException {
        weighs(POD.above(), 25);
        weighs(POD, 20);
        weighs(PodCgroup.of("skep", "burstable/pod5"), 5);
        file(POD.folder(true) + "/cgroup.events", "populated 0\nfrozen 0\n");

        slices.stop(POD);

        assertThat(asked)
                .containsExactly(
                        "StopUnit ss " + SLICE + " replace",
                        "SetUnitProperties sba(sv) skep-burstable.slice true 1 CPUWeight t 5");
    }

    @Test
    void sliceInWhichAnotherSandboxLivesStays() throws IOException {
        file(POD.folder(true) + "/cgroup.events", "populated 1\nfrozen 0\n");

        slices.stop(POD);

        assertThat(asked).isEmpty();
    }

    @Test
    void versionOneLooksForProcesses() throws IOException {
        Files.delete(mount.resolve("cgroup.controllers"));
        file("systemd/" + POD.folder(true) + "/cgroup.procs", "");
        file("systemd/" + POD.folder(true) + "/cri-containerd-1.scope/cgroup.procs", "4711\n");

        slices().stop(POD);
        assertThat(asked).isEmpty();

        file("systemd/" + POD.folder(true) + "/cri-containerd-1.scope/cgroup.procs", "");
        slices().stop(POD);
        assertThat(asked).containsExactly("StopUnit ss " + SLICE + " replace");
    }
}
