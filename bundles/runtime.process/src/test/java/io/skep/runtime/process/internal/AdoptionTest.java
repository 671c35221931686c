package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.State;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.ExecResult;
import io.skep.runtime.api.PodRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers outlive whoever started them, and the next one finds them as they are. */
class AdoptionTest {

    @TempDir
    private Path folder;

    private Path data;
    private Path logs;
    private RuntimeUnderTest tested;

    @BeforeEach
    void open() throws IOException {
        data = folder.resolve("runtime");
        logs = folder.resolve("logs");
        tested = new RuntimeUnderTest(data);
    }

    @AfterEach
    void removeEverything() throws Exception {
        tested.removeEverything();
    }

    @Test
    void containerOfAKilledJvmIsAdoptedAsTheSameProcess() throws Exception {
        tested.stop();
        Process jvm = RuntimeProcess.start(
                List.of(),
                folder,
                "trap 'exit 9' TERM; echo pid $$; i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done");
        jvm.destroyForcibly().waitFor();
        String id = Files.readString(folder.resolve("id"));

        tested = new RuntimeUnderTest(data);

        Pods pods = pods();
        ContainerStatus adopted = pods.status(id);
        assertThat(adopted.state()).isEqualTo(State.RUNNING);
        assertThat(adopted.life().started().orElseThrow()).isBefore(Instant.now());
        int seen = pods.lines(id).size();
        Eventually.holds("log goes on", () -> pods.lines(id).size() > seen + 3);
        ExecResult exec = tested.runtime().execSync(id, List.of("echo", "still there"), Duration.ofSeconds(30));
        assertThat(exec.stdout()).isEqualTo("still there\n");
        tested.runtime().stopContainer(id, Duration.ofSeconds(30));
        assertThat(pods.status(id).life().exitCode()).isEqualTo(9);
        // No line is missing and none is there twice, whenever the JVM was killed.
        String[] lines = pods.output(id).replace("Terminated\n", "").split("\n");
        for (int i = 1; i < lines.length; i++) {
            assertThat(lines[i]).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void exitWhileNobodyLookedIsFoundWithItsCodeTimeAndOutput() throws Exception {
        String id = pods().start(Pods.shell("echo one; while [ ! -e " + folder.resolve("go")
                + " ]; do sleep 0.02; done;" + " echo two; printf three; exit 5"));
        tested.stop();
        Instant before = Instant.now().minusMillis(50);
        Files.createFile(folder.resolve("go"));
        Eventually.holds(
                "exit is recorded", () -> Files.exists(data.resolve("exits").resolve(id)));
        Instant after = Instant.now().plusMillis(50);

        tested.replace();

        ContainerStatus status = pods().status(id);
        assertThat(status.state()).isEqualTo(State.EXITED);
        assertThat(status.life().exitCode()).isEqualTo(5);
        assertThat(status.life().finished().orElseThrow()).isBetween(before, after);
        assertThat(pods().output(id)).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void endIsRememberedByTheNextOneToo() throws Exception {
        ContainerStatus ended = pods().run(Pods.shell("exit 5"));

        tested.replace();

        assertThat(pods().status(ended.id())).isEqualTo(ended);
    }

    @Test
    void exitOfAnAdoptedContainerIsToldAtOnce() throws Exception {
        String id =
                pods().start(Pods.shell("while [ ! -e " + folder.resolve("go") + " ]; do sleep 0.02; done; exit 6"));
        tested.replace();
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        try (PodRuntime.Subscription subscription = tested.runtime().subscribe(told::add)) {
            assertThat(subscription).isNotNull();
            Files.createFile(folder.resolve("go"));
            Eventually.holds("exit is told", () -> !told.isEmpty());
        }

        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(ContainerEvent.Type.STOPPED);
            assertThat(event.containerId()).isEqualTo(id);
        });
        assertThat(pods().status(id).life().exitCode()).isEqualTo(6);
    }

    @Test
    void createdContainerIsStillThereAndStarts() throws Exception {
        String id = tested.runtime().createContainer(pods().sandbox(), Pods.shell("exit 3"));

        tested.replace();
        assertThat(pods().status(id).state()).isEqualTo(State.CREATED);
        tested.runtime().startContainer(id);

        assertThat(pods().ended(id).life().exitCode()).isEqualTo(3);
    }

    @Test
    void afterAMachineRestartContainersEndedAndSandboxesAreNotReady() throws Exception {
        String id = pods().start(Pods.of("sleep", "1000"));
        String sandbox = pods().status(id).sandboxId();
        Machine real = Machine.ofThisOne();
        Path proc = Files.createDirectories(folder.resolve("proc"));
        Files.createDirectories(proc.resolve("sys/kernel/random"));
        Files.writeString(proc.resolve("sys/kernel/random/boot_id"), "another-boot\n");

        tested.replace(new Machine(real.tools(), proc, real.cgroups()));

        ContainerStatus status = pods().status(id);
        assertThat(status.state()).isEqualTo(State.EXITED);
        assertThat(status.life().reason()).isEqualTo("ContainerStatusUnknown");
        assertThat(status.life().exitCode()).isEqualTo(137);
        assertThat(status.life().message()).contains("restarted");
        assertThat(tested.runtime().podSandboxStatus(sandbox).orElseThrow().ready())
                .isFalse();
        kill(new ContainerFolder(data.resolve("containers").resolve(id), data)
                .process()
                .orElseThrow()
                .pid());
    }

    @Test
    void containerWhoseSupervisorWasKilledRunsOn() throws Exception {
        String id = pods().start(Pods.of("sleep", "1000"));
        ContainerFolder container =
                new ContainerFolder(data.resolve("containers").resolve(id), data);
        kill(container.supervisor().orElseThrow().pid());

        tested.replace();
        assertThat(pods().status(id).state()).isEqualTo(State.RUNNING);
        kill(container.process().orElseThrow().pid());

        ContainerStatus status = pods().ended(id);
        assertThat(status.life().reason()).isEqualTo("ContainerStatusUnknown");
        assertThat(status.life().exitCode()).isEqualTo(137);
    }

    @Test
    void startThatWasCutShortIsAFailureAndNeverComesLate() throws Exception {
        String id = tested.runtime().createContainer(pods().sandbox(), Pods.of("sleep", "1000"));
        Path container = data.resolve("containers").resolve(id);
        Files.createFile(container.resolve("start"));

        tested.replace();

        assertThat(pods().status(id).life().reason()).isEqualTo("StartError");
        assertThat(container.resolve("claimed")).isDirectory();
    }

    @Test
    void tornRecordIsSetAsideAndItsProcessEnds() throws Exception {
        String id = pods().start(Pods.of("sleep", "1000"));
        String other = pods().start(Pods.of("sleep", "1001"));
        Path container = data.resolve("containers").resolve(id);
        long pid = new ContainerFolder(container, data).process().orElseThrow().pid();
        tested.stop();
        Files.writeString(container.resolve("record.json"), "{\"id\":\"" + id);

        tested = new RuntimeUnderTest(data);

        assertThat(tested.runtime().containerStatus(id)).isEmpty();
        assertThat(pods().status(other).state()).isEqualTo(State.RUNNING);
        assertThat(new ProcFiles(Path.of("/proc")).stat(pid).filter(ProcessStat::alive))
                .isEmpty();
        assertThat(data.resolve("damaged")).isNotEmptyDirectory();
        assertThat(tested.runtime().samples())
                .filteredOn(each -> each.name().equals("skep_process_records_damaged"))
                .singleElement()
                .satisfies(each -> assertThat(each.value()).isEqualTo(1));
    }

    private Pods pods() {
        return new Pods(tested.runtime(), logs);
    }

    private static void kill(long pid) throws Exception {
        new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor();
    }
}
