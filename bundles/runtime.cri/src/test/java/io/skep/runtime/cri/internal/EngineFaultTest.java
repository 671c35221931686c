package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.PodSandboxConfig;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real engine does seldom, and an edge must live through: failing, silent, deaf. */
class EngineFaultTest extends OnFakeCri {

    private static final Duration LIVENESS = Duration.ofMillis(200);

    EngineFaultTest() {
        super(LIVENESS);
    }

    private PodSandboxConfig pod(String name) {
        return FakePods.pod(name, folder);
    }

    private String running(String name) throws ContainerException {
        return FakePods.running(runtime, name, folder);
    }

    private void call(String method) throws ContainerException {
        switch (method) {
            case "Version", "Status" -> runtime.info();
            case "RunPodSandbox" -> runtime.runPodSandbox(pod("web"));
            case "StopPodSandbox" -> runtime.stopPodSandbox("s");
            case "RemovePodSandbox" -> runtime.removePodSandbox("s");
            case "PodSandboxStatus" -> runtime.podSandboxStatus("s");
            case "ListPodSandbox" -> runtime.listPodSandboxes();
            case "CreateContainer", "StartContainer" -> running("web");
            case "StopContainer" -> runtime.stopContainer("c", Duration.ZERO);
            case "RemoveContainer" -> runtime.removeContainer("c");
            case "ContainerStatus" -> runtime.containerStatus("c");
            case "ListContainers" -> runtime.listContainers();
            default -> throw new IllegalArgumentException(method);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Version",
                "Status",
                "RunPodSandbox",
                "StopPodSandbox",
                "RemovePodSandbox",
                "PodSandboxStatus",
                "ListPodSandbox",
                "CreateContainer",
                "StartContainer",
                "StopContainer",
                "RemoveContainer",
                "ContainerStatus",
                "ListContainers"
            })
    void everyCallSaysWhetherTheEngineIsAwayOrRefused(String method) throws Exception {
        cri.fail(method, Status.UNAVAILABLE.withDescription("going down"));
        assertThatThrownBy(() -> call(method)).isInstanceOfSatisfying(ContainerException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.UNAVAILABLE);
            assertThat(e).hasMessageContaining("going down");
        });

        cri.fail(method, Status.UNKNOWN.withDescription("disk full"));
        assertThatThrownBy(() -> call(method)).isInstanceOfSatisfying(ContainerException.class, e -> {
            assertThat(e.code()).isEqualTo(method.equals("StartContainer") ? Code.START_FAILED : Code.FAILED);
            assertThat(e).hasMessageContaining("disk full");
        });

        cri.fail(method, Status.OK);
        call(method);
    }

    @Test
    void callThatIsNeverAnsweredEndsAtItsLimit() {
        cri.neverAnswer("RunPodSandbox");

        assertThatThrownBy(() -> runtime.runPodSandbox(pod("web")))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.TIMEOUT));
    }

    @Test
    void eventsLostWithTheirStreamAreMadeUpForByAListing() throws Exception {
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        String id = running("web");
        try (var subscription = runtime.subscribe(told::add)) {
            assertThat(subscription).isNotNull();
            Eventually.holds("it listens", () -> cri.engine().listeners() == 1);
            cri.engine().loseEvents(true);
            cri.engine().exit(id, 3);
            cri.engine().breakStreams();

            Eventually.holds(
                    "the end is told once",
                    () -> told.stream()
                                    .filter(e -> e.type() == ContainerEvent.Type.STOPPED)
                                    .filter(e -> e.containerId().equals(id))
                                    .count()
                            == 1);
        }
    }

    /** The listener listed them while they ran; the first listing of ours finds them as they were ever since. */
    @Test
    void endBeforeTheFirstListingIsTold() throws Exception {
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        String id = running("web");
        cri.fail("ListContainers", Status.UNAVAILABLE);
        try (var subscription = runtime.subscribe(told::add)) {
            assertThat(subscription).isNotNull();
            Eventually.holds("it listens", () -> cri.engine().listeners() == 1);
            cri.engine().exit(id, 3);
            cri.fail("ListContainers", Status.OK);

            Eventually.holds(
                    "the end is told",
                    () -> told.stream()
                            .filter(e -> e.containerId().equals(id))
                            .map(ContainerEvent::type)
                            .toList()
                            .equals(List.of(ContainerEvent.Type.STOPPED)));
        }
    }

    // Without it a node would stay Ready until the next listing.
    @Test
    void endAndReturnOfTheEngineAreTold() throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (var changes = runtime.subscribe(event -> {});
                var states = runtime.subscribeInfo(told::incrementAndGet)) {
            assertThat(changes).isNotNull();
            assertThat(states).isNotNull();
            Eventually.holds("it listens", () -> cri.engine().listeners() == 1);
            cri.stop();
            Eventually.holds("the end is told", () -> told.get() > 0);
            assertThatThrownBy(() -> runtime.info()).isInstanceOf(ContainerException.class);
            Files.deleteIfExists(folder.resolve("s"));

            cri = new FakeCri(folder.resolve("s")).start();
            int before = told.get();
            Eventually.holds(
                    "the return is told",
                    () -> told.get() > before && runtime.info().ready());
        }
    }

    /** Its calls may last for a minute, but it is not to seem alive for as long. */
    @Test
    void engineThatHangsIsToldOfAndEndsTheQuestionsUnderWay() throws Exception {
        AtomicInteger told = new AtomicInteger();
        CriSettings patient = new CriSettings(
                List.of(), Duration.ofHours(1), LIVENESS, SHORT, Duration.ofMillis(200), LOGS, "", "test");
        try (CriRuntime slow = CriRuntime.on(folder.resolve("s"), patient);
                var changes = slow.subscribe(event -> {});
                var states = slow.subscribeInfo(told::incrementAndGet)) {
            assertThat(changes).isNotNull();
            assertThat(states).isNotNull();
            Eventually.holds("it listens", () -> cri.engine().listeners() == 1);
            cri.neverAnswer("ListPodSandbox");
            cri.neverAnswer("Version");

            assertThatThrownBy(slow::listPodSandboxes).isInstanceOfSatisfying(ContainerException.class, e -> {
                assertThat(e.code()).isEqualTo(Code.UNAVAILABLE);
                assertThat(e).hasMessageContaining("answers none");
            });
            Eventually.holds("the end is told", () -> told.get() > 0);
            assertThatThrownBy(slow::info).isInstanceOf(ContainerException.class);

            int before = told.get();
            cri.answer();
            Eventually.holds("the return is told", () -> told.get() > before);
            assertThat(slow.info().ready()).isTrue();
        }
    }

    /** Whoever waits for a start, a stop or a pull holds a worker that all pods share. */
    @ParameterizedTest
    @ValueSource(strings = {"RunPodSandbox", "StopContainer", "PullImage", "ExecSync"})
    void engineThatHangsEndsTheWorkUnderWay(String method) throws Exception {
        CriSettings patient = new CriSettings(
                List.of(),
                Duration.ofHours(1),
                LIVENESS,
                Duration.ofHours(1),
                Duration.ofMillis(200),
                LOGS,
                "",
                "test");
        try (CriRuntime slow = CriRuntime.on(folder.resolve("s"), patient);
                var changes = slow.subscribe(event -> {})) {
            assertThat(changes).isNotNull();
            Eventually.holds("it listens", () -> cri.engine().listeners() == 1);
            cri.neverAnswer(method);
            cri.neverAnswer("Version");

            assertThatThrownBy(() -> work(slow, method)).isInstanceOfSatisfying(ContainerException.class, e -> {
                assertThat(e.code()).isEqualTo(Code.UNAVAILABLE);
                assertThat(e).hasMessageContaining("answers none");
            });

            cri.answer();
            Eventually.holds("it works again", () -> {
                try {
                    slow.runPodSandbox(pod("next"));
                    return true;
                } catch (ContainerException e) {
                    return false;
                }
            });
        }
    }

    private void work(CriRuntime on, String method) throws ContainerException {
        switch (method) {
            case "RunPodSandbox" -> on.runPodSandbox(pod("web"));
            case "StopContainer" -> on.stopContainer("c", Duration.ofHours(1));
            case "PullImage" -> on.pullImage("image", Optional.empty());
            case "ExecSync" -> on.execSync("c", List.of("true"), Duration.ofHours(1));
            default -> throw new IllegalArgumentException(method);
        }
    }

    @Test
    void sandboxTheNetworkGaveNoAddressHasNone() throws Exception {
        cri.engine().giveNoAddress();

        String id = runtime.runPodSandbox(pod("web"));

        assertThat(runtime.podSandboxStatus(id).orElseThrow().ips()).isEmpty();
    }
}
