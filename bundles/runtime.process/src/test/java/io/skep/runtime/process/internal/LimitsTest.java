package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Capabilities;
import io.skep.runtime.api.SecurityContext.Confinement;
import io.skep.runtime.api.SecurityContext.RunAs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users, privileges and limits, where this machine lets us. */
class LimitsTest {

    @TempDir
    private Path folder;

    private RuntimeUnderTest tested;
    private Pods pods;

    @BeforeEach
    void open() throws IOException {
        tested = new RuntimeUnderTest(folder);
        pods = new Pods(tested.runtime(), folder.resolve("logs"));
    }

    @AfterEach
    void removeEverything() throws Exception {
        tested.removeEverything();
    }

    @Test
    void memoryLimitKillsAndSaysSo() throws Exception {
        assumeLimits();

        ContainerStatus status = pods.run(Pods.with(
                Pods.shell("head -c 200000000 /dev/zero | tail | wc -c; kill -s KILL $$"),
                new Resources(0, 0, 32 << 20, 0),
                SecurityContext.DEFAULT));

        assertThat(status.life().reason()).isEqualTo("OOMKilled");
        assertThat(status.life().exitCode()).isEqualTo(137);
    }

    @Test
    void killedWithoutALimitIsAnError() throws Exception {
        assumeLimits();

        ContainerStatus status = pods.run(Pods.with(
                Pods.shell("kill -s KILL $$"), new Resources(500, 512, 64 << 20, 0), SecurityContext.DEFAULT));

        assertThat(status.life().reason()).isEqualTo("Error");
        assertThat(status.life().exitCode()).isEqualTo(137);
    }

    @Test
    void usageIsThatOfTheCgroup() throws Exception {
        assumeLimits();
        String id = pods.start(Pods.with(
                Pods.shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done; sleep 1000"),
                new Resources(0, 0, 64 << 20, 0),
                SecurityContext.DEFAULT));
        pods.says(id, "done");

        assertThat(tested.runtime().listContainerStats()).singleElement().satisfies(each -> {
            assertThat(each.cpu()).isGreaterThan(Duration.ZERO);
            assertThat(each.memoryBytes()).isBetween(1L, 64L << 20);
            assertThat(each.processes())
                    .hasValueSatisfying(ids -> assertThat(ids).isBetween(1L, 10L));
        });
    }

    @Test
    void cgroupGoesWithTheContainer() throws Exception {
        assumeLimits();
        String id = pods.start(Pods.of("sleep", "1000"));
        Cgroups cgroups = Cgroups.of(Path.of("/sys/fs/cgroup"), "skep-test");
        assertThat(cgroups.existing(id)).isNotEmpty();
        assertThat(cgroups.members(id)).hasSize(1);

        tested.runtime().removeContainer(id);

        assertThat(cgroups.existing(id)).isEmpty();
    }

    @Test
    void oomScoreIsSet() throws Exception {
        String id = pods.start(Pods.with(
                Pods.of("cat", "/proc/self/oom_score_adj"), new Resources(0, 0, 0, 700), SecurityContext.DEFAULT));
        pods.ended(id);

        assertThat(pods.output(id)).isEqualTo("700\n");
    }

    @Test
    void containerRunsAsItsUser() throws Exception {
        assumeRoot();
        SecurityContext security = new SecurityContext(
                new RunAs(Optional.of(65534L), Optional.of(65534L), List.of(12345L)),
                false,
                false,
                true,
                new Capabilities(List.of(), List.of("ALL")),
                Confinement.NONE);

        String id = pods.start(Pods.with(
                Pods.shell(
                        "id -u; id -g; id -G; grep -E 'CapBnd|NoNewPrivs' /proc/self/status; touch mine && echo own"),
                Resources.NONE,
                security));
        pods.ended(id);

        assertThat(pods.output(id))
                .isEqualTo("65534\n65534\n65534 12345\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\nown\n");
    }

    @Test
    void execRunsAsItsUserToo() throws Exception {
        assumeRoot();
        SecurityContext security = Pods.as(65534L);
        String id = pods.start(Pods.with(Pods.of("sleep", "1000"), Resources.NONE, security));

        assertThat(tested.runtime()
                        .execSync(id, List.of("id", "-u"), Duration.ofSeconds(30))
                        .stdout())
                .isEqualTo("65534\n");
    }

    @Test
    void anotherUserIsRefusedWhereWeAreNotRoot() {
        Tools ordinary = new Tools(Tools.ofThisMachine().folders(), 1000, 1000);
        Steps steps = new Steps(ordinary, folder, new Namespaces(ordinary, folder, false));
        SecurityContext security = Pods.as(0L);

        assertThatThrownBy(() -> steps.user(security))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
                .hasMessageContaining("runAsUser 0")
                .hasMessageContaining("as user 1000");
    }

    @Test
    void missingToolIsNamed() {
        Tools bare = new Tools(List.of(folder), 0, 0);
        Steps steps = new Steps(bare, folder, new Namespaces(bare, folder, false));
        SecurityContext security = Pods.as(1000L);

        assertThatThrownBy(() -> steps.user(security)).hasMessageContaining("setpriv");
    }

    private static void assumeRoot() {
        Assumptions.assumeTrue(Tools.ofThisMachine().root(), "only root can become another user");
    }

    private static void assumeLimits() {
        assumeRoot();
        Assumptions.assumeTrue(
                Cgroups.of(Path.of("/sys/fs/cgroup"), "skep-test").available()
                        && (Files.exists(Path.of("/sys/fs/cgroup/memory"))
                                || Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))),
                "no writable memory cgroup");
    }
}
