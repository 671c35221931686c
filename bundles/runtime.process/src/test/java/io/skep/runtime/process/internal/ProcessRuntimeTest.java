package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerConfig.Streams;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.State;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.ExecResult;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.Linux;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import io.skep.runtime.api.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is special about containers that are processes. */
class ProcessRuntimeTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @TempDir
    private Path logs;

    private RuntimeUnderTest tested;
    private Pods pods;

    @BeforeEach
    void open() throws IOException {
        tested = new RuntimeUnderTest(folder);
        pods = new Pods(tested.runtime(), logs);
    }

    @AfterEach
    void removeEverything() throws ContainerException {
        tested.removeEverything();
    }

    @Test
    void environmentIsExactlyAsGiven() throws Exception {
        List<EnvVar> env = List.of(
                new EnvVar("PLAIN", "value"),
                new EnvVar("SPECIAL", "a b  c'\"\\$HOME `id` $(id) *;|&<>\\n"),
                new EnvVar("LINES", "one\ntwo\n"),
                new EnvVar("UMLAUT", "ünïcödé €"),
                new EnvVar("dotted.name-x", "kept"),
                new EnvVar("IFS", "x"),
                new EnvVar("PWD", "mine"),
                new EnvVar("skep_line", "mine"),
                new EnvVar("EMPTY", ""));

        String id = pods.start(Pods.with(Pods.of("/usr/bin/env", "-0"), env, List.of(), ""));
        pods.ended(id);

        Map<String, String> seen = new TreeMap<>();
        for (String each : pods.output(id).split("\0")) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                seen.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        seen.remove("_");
        assertThat(seen)
                .containsOnlyKeys(
                        "PLAIN",
                        "SPECIAL",
                        "LINES",
                        "UMLAUT",
                        "dotted.name-x",
                        "IFS",
                        "PWD",
                        "skep_line",
                        "EMPTY",
                        "PATH",
                        "HOSTNAME",
                        "SKEP_CONTAINER_ROOT",
                        "SKEP_CONTAINER_ID");
        env.forEach(each -> assertThat(seen).containsEntry(each.name(), each.value()));
        assertThat(seen).containsEntry("HOSTNAME", "web-0").containsEntry("SKEP_CONTAINER_ID", id);
    }

    @Test
    void wordsOfTheCommandArriveAsGiven() throws Exception {
        String id = pods.start(Pods.of("printf", "%s|", "a b", "", "-n", "$x 'y' \"z\"", "ü\n2", "\\", "*"));
        pods.ended(id);

        assertThat(pods.output(id)).isEqualTo("a b||-n|$x 'y' \"z\"|ü\n2|\\|*|\n");
    }

    @Test
    void containerLeadsItsOwnSession() throws Exception {
        String id = pods.start(Pods.shell("read -r line </proc/self/stat; echo \"$$ $line\"; sleep 1000"));
        pods.says(id, "(sh)");

        String[] fields = pods.output(id).split(" ");
        assertThat(fields[5]).as("process group").isEqualTo(fields[0]);
        assertThat(fields[6].trim()).as("session").isEqualTo(fields[0]);
    }

    // An app that is interrupted by INT would otherwise never hear it: background jobs of shells ignore it.
    @Test
    void noSignalIsIgnoredOrBlocked() throws Exception {
        String id = pods.start(Pods.of("grep", "-E", "Sig(Ign|Blk)", "/proc/self/status"));
        pods.ended(id);

        // The C library's own two, 32 and 33, come from whoever started us.
        assertThat(pods.output(id)).matches("SigBlk:\t0{16}\nSigIgn:\t0{7}[01][08]0{7}\n");
    }

    @Test
    void nothingOfOursIsOpenInside() throws Exception {
        String id =
                pods.start(Pods.shell("for fd in 0 1 2 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$fd ] || echo $fd; done"));
        pods.ended(id);

        assertThat(pods.output(id)).isEqualTo("0\n1\n2\n");
    }

    @Test
    void workingDirectoryIsTheContainersOwnByDefault() throws Exception {
        String id = pods.start(Pods.shell("pwd; echo $SKEP_CONTAINER_ROOT"));
        pods.ended(id);

        String[] lines = pods.output(id).split("\n");
        assertThat(lines[0]).isEqualTo(lines[1]).startsWith(folder.toRealPath().toString());
    }

    @Test
    void workingDirectoryIsAsGiven() throws Exception {
        String id = pods.start(Pods.with(Pods.shell("pwd"), List.of(), List.of(), "/usr/bin"));
        pods.ended(id);

        assertThat(pods.output(id)).isEqualTo("/usr/bin\n");
    }

    @Test
    void workingDirectoryThatIsNotThereFailsTheStart() {
        assertThatThrownBy(() -> pods.start(Pods.with(Pods.shell("pwd"), List.of(), List.of(), "/no/such")))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.START_FAILED))
                .hasMessageContaining("\"/no/such\"");
    }

    @Test
    void unknownCommandFailsTheStart() throws Exception {
        String id = tested.runtime().createContainer(pods.sandbox(), Pods.of("no-such-command"));

        assertThatThrownBy(() -> tested.runtime().startContainer(id))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.START_FAILED))
                .hasMessage("exec: \"no-such-command\": executable file not found in $PATH");

        ContainerStatus status = pods.status(id);
        assertThat(status.state()).isEqualTo(State.EXITED);
        assertThat(status.life().reason()).isEqualTo("StartError");
        assertThat(status.life().exitCode()).isEqualTo(128);
    }

    @Test
    void absentAndUnexecutableFilesAreToldApart() {
        assertThatThrownBy(() -> pods.start(Pods.of("/no/such")))
                .hasMessage("exec: \"/no/such\": stat /no/such: no such file or directory");
        assertThatThrownBy(() -> pods.start(Pods.of("/etc/passwd")))
                .hasMessage("exec: \"/etc/passwd\": permission denied");
    }

    @Test
    void interpreterThatIsNotThereFailsTheStart() throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such\n");
        script.toFile().setExecutable(true);

        assertThatThrownBy(() -> pods.start(Pods.of(script.toString())))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.START_FAILED));
    }

    @Test
    void ownExitCodesOf126And127AreNoStartFailure() throws Exception {
        assertThat(pods.run(Pods.shell("exit 127")).life().reason()).isEqualTo("Error");
        assertThat(pods.run(Pods.shell("exit 126")).life().exitCode()).isEqualTo(126);
    }

    @Test
    void containerWithoutACommandIsRefused() throws Exception {
        String sandbox = pods.sandbox();

        assertThatThrownBy(() -> tested.runtime().createContainer(sandbox, Pods.of()))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
                .hasMessageContaining("has no command");
        assertThat(tested.runtime().listContainers()).isEmpty();
        assertThat(folder.resolve("containers")).isEmptyDirectory();
    }

    // It would be set for the whole node.
    @Test
    void podWithSysctlsIsRefused() throws Exception {
        PodSandboxConfig config =
                pods.config(new Linux("", Sharing.NONE, Resources.NONE, Map.of("kernel.shm_rmid_forced", "1")));

        assertThatThrownBy(() -> tested.runtime().runPodSandbox(config))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
                .hasMessageEndingWith("the pod must do without kernel.shm_rmid_forced");
        assertThat(tested.runtime().listPodSandboxes()).isEmpty();
    }

    @Test
    void logPathThatLeadsOutIsRefused() throws Exception {
        String sandbox = pods.sandbox();
        ContainerConfig config = Pods.of("true");
        ContainerConfig leadsOut = new ContainerConfig(
                config.metadata(),
                config.image(),
                config.program(),
                config.mounts(),
                config.labels(),
                config.annotations(),
                Streams.log("../../etc/cron.d/evil"),
                config.linux());

        assertThatThrownBy(() -> tested.runtime().createContainer(sandbox, leadsOut))
                .hasMessageContaining("leads out");
    }

    @Test
    void signalThatEndsItIsInTheExitCode() throws Exception {
        assertThat(pods.run(Pods.shell("kill -s SEGV $$")).life().exitCode()).isEqualTo(139);
        assertThat(pods.run(Pods.shell("kill -s INT $$")).life().exitCode()).isEqualTo(130);
    }

    @Test
    void containerThatIgnoresTermIsKilledAfterGrace() throws Exception {
        String id = pods.start(Pods.shell("trap '' TERM; echo ready; while :; do sleep 1000; done"));
        pods.says(id, "ready");

        tested.runtime().stopContainer(id, Duration.ofMillis(300));

        assertThat(pods.status(id).life().exitCode()).isEqualTo(137);
    }

    @Test
    void containerMayEndInItsOwnWay() throws Exception {
        String id = pods.start(Pods.shell("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done"));
        pods.says(id, "ready");

        tested.runtime().stopContainer(id, LONG);

        assertThat(pods.status(id).life().exitCode()).isEqualTo(7);
        assertThat(pods.output(id)).startsWith("ready\nbye\n");
    }

    // Edged waits for a grace period with a timer, not with a worker: asking must not wait for the end.
    @Test
    void askingToStopReturnsBeforeTheEnd() throws Exception {
        String id = pods.start(Pods.shell("trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done"));
        pods.says(id, "ready");

        boolean asked = tested.runtime().askToStop(id);

        assertThat(asked).isTrue();
        pods.says(id, "asked");
        assertThat(pods.status(id).state()).isEqualTo(ContainerStatus.State.RUNNING);
        tested.runtime().stopContainer(id, Duration.ZERO);
        assertThat(pods.status(id).life().exitCode()).isEqualTo(137);
    }

    @Test
    void descendantsDieWithIt() throws Exception {
        String id =
                pods.start(Pods.shell("sh -c 'trap \"\" TERM; sleep 1000' & setsid sh -c 'sleep 1001 & sleep 1002' &"
                        + " setsid setsid sleep 1003 & echo ready; sleep 1004"));
        pods.says(id, "ready");
        Eventually.holds("all run", () -> processesOf(id).size() >= 6);

        tested.runtime().stopContainer(id, Duration.ofSeconds(1));

        assertThat(processesOf(id)).isEmpty();
    }

    @Test
    void whatItLeavesBehindIsKilledWhenItEnds() throws Exception {
        String id = pods.start(Pods.shell("setsid sleep 1000 & sleep 1001 & exit 0"));

        assertThat(pods.ended(id).life().exitCode()).isZero();

        assertThat(processesOf(id)).isEmpty();
    }

    @Test
    void execHasTheContainersEnvironmentAndFolder() throws Exception {
        String id = pods.start(
                Pods.with(Pods.of("sleep", "1000"), List.of(new EnvVar("NAME", "va lue\n2")), List.of(), "/usr"));

        ExecResult result =
                tested.runtime().execSync(id, List.of("sh", "-c", "echo \"$NAME\"; pwd; echo oops >&2; exit 4"), LONG);

        assertThat(result).isEqualTo(new ExecResult(4, "va lue\n2\n/usr\n", "oops\n"));
    }

    @Test
    void execOfUnknownCommandFailsToStart() throws Exception {
        String id = pods.start(Pods.of("sleep", "1000"));

        assertThatThrownBy(() -> tested.runtime().execSync(id, List.of("no-such"), LONG))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.START_FAILED))
                .hasMessage("exec: \"no-such\": executable file not found in $PATH");
    }

    @Test
    void execThatTakesTooLongIsKilled() throws Exception {
        String id = pods.start(Pods.of("sleep", "1000"));

        assertThatThrownBy(() -> tested.runtime()
                        .execSync(id, List.of("sh", "-c", "sleep 1001 & sleep 1002"), Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.TIMEOUT));

        Eventually.holds("only the container is left", () -> processesOf(id).size() == 1);
    }

    @Test
    void outputOfExecIsBounded() throws Exception {
        String id = pods.start(Pods.of("sleep", "1000"));

        ExecResult result = tested.runtime().execSync(id, List.of("head", "-c", "20000000", "/dev/zero"), LONG);

        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout()).hasSize(16 << 20);
    }

    @Test
    void thirtyContainersRunWithoutAThreadEach() throws Exception {
        int before = Thread.activeCount();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(pods.start(Pods.shell("echo ready; sleep 1000")));
        }

        ids.forEach(id -> pods.says(id, "ready"));
        assertThat(Thread.activeCount()).isLessThan(before + 5);
        assertThat(tested.runtime().listContainerStats()).hasSize(30);
        for (String id : ids) {
            tested.runtime().stopContainer(id, LONG);
        }
        assertThat(tested.runtime().listContainers())
                .allSatisfy(each -> assertThat(each.life().exitCode()).isEqualTo(143));
    }

    @Test
    void thereAreNoMoreContainersThanAllowed() throws Exception {
        tested.removeEverything();
        tested = new RuntimeUnderTest(
                new ProcessRuntimeSettings(folder, 1 << 20, 2, Duration.ofMillis(50), 0, "", true, 1),
                Machine.ofThisOne());
        pods = new Pods(tested.runtime(), logs);
        pods.start(Pods.of("sleep", "1000"));

        assertThatThrownBy(() -> pods.start(Pods.of("sleep", "1000")))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
                .hasMessageContaining("containers.max");
    }

    private static List<ProcessStat> processesOf(String id) {
        ProcFiles proc = new ProcFiles(Path.of("/proc"));
        return proc.all().stream()
                .filter(each -> proc.hasVariable(each.pid(), "SKEP_CONTAINER_ID=" + id))
                .toList();
    }
}
