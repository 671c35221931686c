package io.skep.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerStatus.State;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link PodRuntime} must do. An adapter's test extends it and says which runtime and which image. */
public abstract class PodRuntimeContract extends OnPodRuntime {

    @Test
    void sandboxIsReadyAndFoundAgain() throws ContainerException {
        String id = runtime().runPodSandbox(sandbox("web"));

        PodSandboxStatus status = runtime().podSandboxStatus(id).orElseThrow();
        assertThat(status.ready()).isTrue();
        assertThat(status.metadata().uid()).isEqualTo("uid-web");
        assertThat(status.labels()).containsEntry("app", "web");
        assertThat(status.annotations()).containsEntry("note", "kept");
        assertThat(runtime().listPodSandboxes())
                .extracting(PodSandboxStatus::id)
                .contains(id);
    }

    // A pod that asked for a virtual machine must not run without one.
    @Test
    void handlerThatIsNotThereIsRefusedByItsName() throws ContainerException {
        PodSandboxConfig plain = sandbox("isolated");
        PodSandboxConfig isolated = new PodSandboxConfig(
                plain.metadata(),
                plain.hostname(),
                plain.logDirectory(),
                plain.labels(),
                plain.annotations(),
                "no-such-handler",
                plain.network(),
                plain.linux());

        assertThatThrownBy(() -> runtime().runPodSandbox(isolated))
                .isInstanceOf(ContainerException.class)
                .hasMessageContaining("no-such-handler");
        assertThat(runtime().listPodSandboxes())
                .extracting(box -> box.metadata().uid())
                .doesNotContain("uid-isolated");
    }

    @Test
    void stoppedSandboxIsNotReadyAndItsContainersEnded() throws ContainerException {
        String container = running("web");
        String sandbox = status(container).sandboxId();

        runtime().stopPodSandbox(sandbox);
        runtime().stopPodSandbox(sandbox);

        assertThat(runtime().podSandboxStatus(sandbox).orElseThrow().ready()).isFalse();
        assertThat(status(container).state()).isEqualTo(State.EXITED);
    }

    @Test
    void removedSandboxTakesItsContainersAlong() throws ContainerException {
        String container = running("web");
        String sandbox = status(container).sandboxId();

        runtime().removePodSandbox(sandbox);
        runtime().removePodSandbox(sandbox);

        assertThat(runtime().podSandboxStatus(sandbox)).isEmpty();
        assertThat(runtime().containerStatus(container)).isEmpty();
        assertThat(runtime().listContainers()).extracting(ContainerStatus::id).doesNotContain(container);
    }

    /** A sandbox that is made anew again and again must not fill the disk. */
    @Test
    void logsOfARemovedSandboxGoWithIt() throws ContainerException {
        String id = started("job", "/bin/echo", "hello");
        Path log = ended(id).logPath();
        Eventually.holds("it is logged", () -> Files.exists(log) && Files.size(log) > 0);

        runtime().removePodSandbox(status(id).sandboxId());

        assertThat(log).doesNotExist();
    }

    @Test
    void createdContainerDoesNotRunYet() throws ContainerException {
        String id = runtime()
                .createContainer(runtime().runPodSandbox(sandbox("web")), container("web", "/bin/sleep", "1000"));

        ContainerStatus status = status(id);
        assertThat(status.state()).isEqualTo(State.CREATED);
        assertThat(status.life().started()).isEmpty();
        assertThat(status.annotations()).containsEntry("note", "ü \"quoted\"");
        assertThat(status.logPath()).isEqualTo(logs.resolve("web/0.log"));
    }

    @Test
    void startedContainerRuns() throws ContainerException {
        String id = running("web");

        assertThat(status(id).state()).isEqualTo(State.RUNNING);
        assertThat(status(id).life().started()).isPresent();
        assertThat(status(id).life().finished()).isEmpty();
    }

    @Test
    void endWithZeroIsCompleted() throws ContainerException {
        ContainerStatus status = ended(started("job", "/bin/sh", "-c", "exit 0"));

        assertThat(status.life().exitCode()).isZero();
        assertThat(status.life().reason()).isEqualTo("Completed");
        assertThat(status.life().finished()).isPresent();
    }

    @Test
    void exitCodeIsKept() throws ContainerException {
        ContainerStatus status = ended(started("job", "/bin/sh", "-c", "exit 3"));

        assertThat(status.life().exitCode()).isEqualTo(3);
        assertThat(status.life().reason()).isEqualTo("Error");
    }

    @Test
    void containerStartsOnlyOnce() throws ContainerException {
        String id = running("web");

        assertThatThrownBy(() -> runtime().startContainer(id)).isInstanceOf(ContainerException.class);
        assertThat(status(id).state()).isEqualTo(State.RUNNING);
    }

    @Test
    void stoppedContainerEndedWhenTheCallReturns() throws ContainerException {
        String id = running("web");

        runtime().stopContainer(id, LONG);
        runtime().stopContainer(id, LONG);

        assertThat(status(id).state()).isEqualTo(State.EXITED);
        assertThat(status(id).life().exitCode()).isEqualTo(143);
    }

    @Test
    void withoutGraceItIsKilled() throws ContainerException {
        String id = running("web");

        runtime().stopContainer(id, Duration.ZERO);

        assertThat(status(id).life().exitCode()).isEqualTo(137);
    }

    @Test
    void removedContainerIsGoneEvenIfItRan() throws ContainerException {
        String id = running("web");

        runtime().removeContainer(id);
        runtime().removeContainer(id);

        assertThat(runtime().containerStatus(id)).isEmpty();
    }

    /** One that fails again and again must not fill the disk. */
    @Test
    void logOfARemovedContainerGoesWithIt() throws ContainerException {
        String id = started("job", "/bin/echo", "hello");
        Path log = ended(id).logPath();
        Eventually.holds("it is logged", () -> Files.exists(log) && Files.size(log) > 0);

        runtime().removeContainer(id);

        assertThat(log).doesNotExist();
    }

    @Test
    void commandIsRunInside() throws ContainerException {
        String id = running("web");

        ExecResult result = runtime().execSync(id, List.of("/bin/echo", "hello"), LONG);

        assertThat(result).isEqualTo(new ExecResult(0, "hello\n", ""));
    }

    @Test
    void nothingIsRunInsideWhatEnded() throws ContainerException {
        String id = started("job", "/bin/sh", "-c", "exit 0");
        ended(id);

        assertThatThrownBy(() -> runtime().execSync(id, List.of("/bin/echo"), LONG))
                .isInstanceOf(ContainerException.class);
    }

    /** The session, when this runtime gives one; an address of the engine is good, and its business is the engine's. */
    private Execution.Session session(String container, ExecRequest request) throws ContainerException {
        Execution execution = runtime().exec(container, request);
        if (execution instanceof Execution.Served served) {
            assertThat(served.url()).hasScheme("http");
            Assumptions.abort("the engine serves it itself");
        }
        return (Execution.Session) execution;
    }

    private static int exit(Execution.Session session) throws Exception {
        return session.exit().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    @Timeout(120)
    void watchedCommandGivesOutputAndExitCode() throws Exception {
        ExecRequest request =
                new ExecRequest(List.of("/bin/sh", "-c", "echo out; echo err >&2; exit 3"), false, true, true, false);

        try (Execution.Session session = session(running("web"), request)) {
            assertThat(text(session.stdout())).isEqualTo("out\n");
            assertThat(text(session.stderr())).isEqualTo("err\n");
            assertThat(exit(session)).isEqualTo(3);
        }
    }

    @Test
    @Timeout(120)
    void watchedCommandIsGivenInputUntilItIsClosed() throws Exception {
        try (Execution.Session session =
                session(running("web"), new ExecRequest(List.of("/bin/cat"), true, true, true, false))) {
            session.stdin().write("first ".getBytes(StandardCharsets.UTF_8));
            session.stdin().flush();
            assertThat(new String(session.stdout().readNBytes(6), StandardCharsets.UTF_8))
                    .isEqualTo("first ");
            session.stdin().write("second".getBytes(StandardCharsets.UTF_8));
            session.stdin().close();

            assertThat(text(session.stdout())).isEqualTo("second");
            assertThat(exit(session)).isZero();
        }
    }

    @Test
    @Timeout(120)
    void closedSessionKillsItsCommand() throws Exception {
        Execution.Session session =
                session(running("web"), new ExecRequest(List.of("/bin/sleep", "1000"), false, true, true, false));

        session.close();
        session.close();

        assertThat(exit(session)).isEqualTo(137);
        assertThat(text(session.stdout())).isEmpty();
    }

    @Test
    void nothingIsBegunInsideWhatIsNotThereOrEnded() throws ContainerException {
        ExecRequest request = new ExecRequest(List.of("/bin/echo"), false, true, true, false);
        String id = started("job", "/bin/sh", "-c", "exit 0");
        ended(id);

        assertThatThrownBy(() -> runtime().exec(id, request)).isInstanceOf(ContainerException.class);
        assertThatThrownBy(() -> runtime().exec("no-such", request))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
    }

    @Test
    void whatIsNotThereIsNotFound() throws ContainerException {
        assertThat(runtime().containerStatus("no-such")).isEmpty();
        assertThat(runtime().podSandboxStatus("no-such")).isEmpty();
        runtime().stopContainer("no-such", LONG);
        runtime().removeContainer("no-such");
        runtime().stopPodSandbox("no-such");
        runtime().removePodSandbox("no-such");
        assertThatThrownBy(() -> runtime().startContainer("no-such"))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
        assertThatThrownBy(() -> runtime().createContainer("no-such", container("web", "/bin/sleep", "1")))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
    }

    @Test
    void eachChangeIsTold() throws Exception {
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        String id;
        try (PodRuntime.Subscription subscription = runtime().subscribe(told::add)) {
            assertThat(subscription).isNotNull();
            id = started("job", "/bin/sh", "-c", "exit 0");
            ended(id);
            runtime().removeContainer(id);
            String container = id;
            Eventually.holds("removal is told", () -> types(told, container).contains(ContainerEvent.Type.DELETED));
        }

        assertThat(types(told, id))
                .containsExactly(
                        ContainerEvent.Type.CREATED,
                        ContainerEvent.Type.STARTED,
                        ContainerEvent.Type.STOPPED,
                        ContainerEvent.Type.DELETED);
        assertThat(told).allSatisfy(event -> assertThat(event.podUid()).isEqualTo("uid-job"));
    }

    @Test
    void statsAreOfRunningContainers() throws ContainerException {
        String id = running("web");
        String done = started("job", "/bin/sh", "-c", "exit 0");
        ended(done);

        assertThat(runtime().listContainerStats())
                .extracting(ContainerStats::containerId)
                .contains(id)
                .doesNotContain(done);
        assertThat(runtime().listContainerStats())
                .allSatisfy(stats -> assertThat(stats.processes().orElse(1L)).isPositive());
    }

    private static List<ContainerEvent.Type> types(List<ContainerEvent> told, String containerId) {
        List<ContainerEvent.Type> types = new ArrayList<>();
        told.stream().filter(e -> e.containerId().equals(containerId)).forEach(e -> types.add(e.type()));
        return types;
    }
}
