package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerConfig.Resources;
import io.skep.runtime.api.ContainerConfig.SecurityContext;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerLogFiles;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.State;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.Execution;
import io.skep.runtime.api.Image;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodRuntimeContract;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import io.skep.runtime.api.PodSandboxStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Containers of a real engine keep the contract: of a containerd of our own, or of the engine that runs already at the socket
 * {@code -Dskep.cri.socket} names, CRI-O for one, with {@code -Dskep.cri.image} for an image it has that is like
 * {@link OciArchive}'s. Skipped, with the reason, where there can be none.
 */
class CriRuntimeContractTest extends PodRuntimeContract {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final LogLimits LOGS = new LogLimits(64 << 10, 50, Duration.ofMillis(100));

    private static final Optional<Path> GIVEN =
            Optional.ofNullable(System.getProperty("skep.cri.socket")).map(Path::of);

    private static Containerd containerd;

    private CriRuntime runtime;

    @BeforeAll
    static void startContainerd() throws Exception {
        if (GIVEN.isEmpty()) {
            containerd = Containerd.start(Path.of("target", "containerd"));
        }
    }

    @AfterAll
    static void stopContainerd() throws Exception {
        if (containerd != null) {
            containerd.stop();
        }
    }

    @BeforeEach
    void open() throws Exception {
        runtime = opened();
        removeEverything();
    }

    private static Path socket() {
        return GIVEN.orElseGet(() -> containerd.socket());
    }

    /** The engine, for a test that does with it what only its owner may. */
    private static Containerd own() {
        assumeTrue(containerd != null, "needs an engine of its own");
        return containerd;
    }

    private static CriRuntime opened() {
        return CriRuntime.on(
                socket(),
                new CriSettings(
                        List.of(),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(1),
                        LONG,
                        Duration.ofMillis(200),
                        LOGS,
                        "skeptest",
                        "contract"));
    }

    @AfterEach
    void close() throws Exception {
        removeEverything();
        runtime.close();
    }

    private void removeEverything() throws ContainerException {
        for (PodSandboxStatus each : runtime.listPodSandboxes()) {
            runtime.removePodSandbox(each.id());
        }
    }

    @Override
    protected PodRuntime runtime() {
        return runtime;
    }

    @Override
    protected String image() {
        return System.getProperty("skep.cri.image", Containerd.IMAGE);
    }

    /** The first process of a container is only ended by a signal it handles. */
    @Override
    protected String running(String name) throws ContainerException {
        String id = started(name, "/bin/sh", "-c", "trap 'exit 143' TERM; echo ready; while :; do sleep 0.1; done");
        Eventually.holds(
                "container " + name + " is ready",
                () -> Files.exists(status(id).logPath())
                        && Files.readString(status(id).logPath()).contains("ready"));
        return id;
    }

    private String ran(ContainerConfig config, PodSandboxConfig sandbox) throws ContainerException {
        String id = runtime.createContainer(runtime.runPodSandbox(sandbox), config);
        runtime.startContainer(id);
        ended(id);
        return id;
    }

    private String said(String containerId) throws Exception {
        StringBuilder said = new StringBuilder();
        for (String line : Files.readAllLines(status(containerId).logPath())) {
            said.append(line.split(" ", 4)[3]).append('\n');
        }
        return said.toString();
    }

    private ContainerConfig with(
            List<EnvVar> env, List<Mount> mounts, Resources resources, SecurityContext security, String script) {
        ContainerConfig plain = container("job", "/bin/sh", "-c", script);
        return new ContainerConfig(
                plain.name(),
                0,
                plain.image(),
                plain.command(),
                List.of(),
                "/tmp",
                env,
                mounts,
                plain.labels(),
                plain.annotations(),
                plain.logPath(),
                false,
                false,
                resources,
                security);
    }

    @Test
    void engineSaysWhatItIs() throws Exception {
        assertThat(runtime.info().name()).isIn("containerd", "cri-o");
        assertThat(runtime.info().ready()).as(runtime.info().message()).isTrue();
    }

    @Test
    void variablesMountsUserAndLimitsReachTheContainer() throws Exception {
        Path file = Files.writeString(logs.resolve("file"), "from the node\n");
        SecurityContext user = new SecurityContext(
                Optional.of(1234L),
                Optional.of(55L),
                List.of(66L),
                false,
                true,
                true,
                List.of(),
                List.of("ALL"),
                "RuntimeDefault");
        String id = ran(
                with(
                        List.of(new EnvVar("GREETING", "hällo")),
                        List.of(new Mount(file.toString(), "/etc/given", true)),
                        new Resources(500, 512, 64 << 20, 100),
                        user,
                        "pwd; echo $GREETING; cat /etc/given; id -u; id -g; id -G;"
                                + " echo no 2>/dev/null > /tmp/no || echo read-only;"
                                + " cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null"),
                sandbox("job"));

        assertThat(said(id)).isEqualTo("/tmp\nhällo\nfrom the node\n1234\n55\n55 66\nread-only\n67108864\n");
    }

    @Test
    void podOfItsOwnNetworkHasAnAddressAndAName() throws Exception {
        PodSandboxConfig host = sandbox("named");
        String sandbox = runtime.runPodSandbox(new PodSandboxConfig(
                host.podName(),
                host.podNamespace(),
                host.podUid(),
                0,
                "my-name",
                logs,
                Map.of(),
                Map.of(),
                "",
                "",
                false,
                Optional.empty()));
        String id = runtime.createContainer(sandbox, container("job", "/bin/hostname"));
        runtime.startContainer(id);
        ended(id);

        assertThat(runtime.podSandboxStatus(sandbox).orElseThrow().ips())
                .singleElement()
                .asString()
                .startsWith(GIVEN.isEmpty() ? "10.211.0." : "");
        assertThat(said(id)).isEqualTo("my-name\n");
    }

    @Test
    void processesOfTheNodeAreSeenOnlyWhenShared() throws Exception {
        PodSandboxConfig own = sandbox("shared");
        PodSandboxConfig shared = new PodSandboxConfig(
                own.podName(),
                own.podNamespace(),
                own.podUid(),
                0,
                own.hostname(),
                logs,
                Map.of(),
                Map.of(),
                "",
                "",
                true,
                Optional.empty(),
                new Sharing(true, false, false, false),
                List.of());

        assertThat(said(ran(container("own", "/bin/sh", "-c", "echo $$"), sandbox("own"))))
                .isEqualTo("1\n");
        assertThat(said(ran(container("shared", "/bin/sh", "-c", "echo $$"), shared)))
                .isNotEqualTo("1\n");
    }

    @Test
    void containerMadeToLookIntoAnotherSeesItsProcesses() throws Exception {
        String web = running("web");
        ContainerConfig plain = container("look", "/bin/cat", "/proc/1/cmdline");
        ContainerConfig looking = new ContainerConfig(
                plain.name(),
                0,
                plain.image(),
                plain.command(),
                plain.args(),
                plain.workingDir(),
                plain.env(),
                plain.mounts(),
                plain.labels(),
                plain.annotations(),
                plain.logPath(),
                false,
                false,
                Resources.NONE,
                SecurityContext.DEFAULT,
                web,
                plain.image());

        String id = runtime.createContainer(status(web).sandboxId(), looking);
        runtime.startContainer(id);
        ended(id);

        assertThat(said(id)).doesNotContain("/proc/1/cmdline").isNotEmpty();
    }

    // The engine makes the pod's cgroup, forgets to limit it and leaves it behind.
    @Test
    void podHasACgroupOfItsOwnWithItsLimitsAndLeavesNoneBehind() throws Exception {
        PodSandboxConfig plain = sandbox("limited");
        String id = runtime.runPodSandbox(new PodSandboxConfig(
                plain.podName(),
                plain.podNamespace(),
                plain.podUid(),
                0,
                plain.hostname(),
                plain.logDirectory(),
                Map.of(),
                Map.of(),
                "",
                "burstable/pod" + plain.podUid(),
                false,
                Optional.empty(),
                Sharing.NONE,
                List.of(),
                new Resources(500, 512, 64 << 20, 0)));

        Path cgroups = Path.of("/sys/fs/cgroup");
        boolean unified = Files.exists(cgroups.resolve("cgroup.controllers"));
        Path below = Path.of("skeptest", "burstable", "pod" + plain.podUid());
        Path memory = (unified ? cgroups : cgroups.resolve("memory"))
                .resolve(below)
                .resolve(unified ? "memory.max" : "memory.limit_in_bytes");
        assertThat(memory).hasContent(Long.toString(64 << 20));

        runtime.removePodSandbox(id);

        assertThat(memory.getParent()).doesNotExist();
    }

    @Test
    void memoryBeyondTheLimitIsAnOomKill() throws Exception {
        String id = ran(
                with(
                        List.of(),
                        List.of(),
                        new Resources(0, 0, 16 << 20, 0),
                        SecurityContext.DEFAULT,
                        "a=x; while :; do a=$a$a; done"),
                sandbox("hungry"));

        assertThat(status(id).reason()).isEqualTo("OOMKilled");
        assertThat(status(id).exitCode()).isEqualTo(137);
    }

    // containerd says so at its start, CRI-O when it is made.
    @Test
    void commandThatIsNotThereFailsToStart() throws Exception {
        String sandbox = runtime.runPodSandbox(sandbox("web"));

        assertThatThrownBy(() -> runtime.startContainer(runtime.createContainer(sandbox, container("web", "/no/such"))))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isIn(Code.START_FAILED, Code.FAILED))
                .hasMessageContaining("/no/such");
    }

    @Test
    void imageThatIsNotThereCannotBePulledOffline() throws Exception {
        assertThat(runtime.imageStatus("localhost:1/none:1")).isEmpty();
        assertThatThrownBy(() -> runtime.pullImage("localhost:1/none:1", Optional.empty()))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.IMAGE_UNAVAILABLE));
        assertThatThrownBy(() -> runtime.pullImage("Not A Name", Optional.empty()))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
        assertThat(runtime.imageStatus(image()).orElseThrow().tags()).contains(image());
    }

    // kubectl and image collection know an image by its digest, not by the name it was asked for.
    @Test
    void containerNamesItsImageByDigest() throws Exception {
        assertThat(status(running("web")).imageRef()).contains("sha256:");
    }

    // An address of the node is the node's to tell.
    @Test
    void imagesLieInAFolderAndAnUnusedOneIsRemovedByItsId() throws Exception {
        String name = "docker.io/skep/unused:1";
        own().importOther(name);
        Image unused = image(name).orElseThrow();

        assertThat(unused.pinned()).isFalse();
        assertThat(runtime.imageFolder())
                .hasValueSatisfying(folder -> assertThat(folder).isDirectory());
        assertThat(image("docker.io/skep/pause:1"))
                .hasValueSatisfying(pause -> assertThat(pause.pinned()).isTrue());
        runtime.removeImage(unused.id());

        Eventually.holds("the image is gone", () -> image(name).isEmpty());
    }

    @Test
    void whatAContainerWroteIsTold() throws Exception {
        String id = started("writer", "/bin/sh", "-c", "echo some text > /tmp/file; sleep 1000");

        Eventually.holds(
                "usage is told",
                () -> runtime.listContainerStats().stream()
                        .anyMatch(s ->
                                s.containerId().equals(id) && s.writtenBytes().orElse(0L) > 0));
    }

    private Optional<Image> image(String name) throws ContainerException {
        return runtime.listImages().stream()
                .filter(each -> each.tags().contains(name))
                .findFirst();
    }

    @Test
    void sandboxInTheNodesNetworkHasNoAddressOfItsOwn() throws Exception {
        PodSandboxConfig plain = sandbox("host");
        PodSandboxConfig host = new PodSandboxConfig(
                plain.podName(),
                plain.podNamespace(),
                plain.podUid(),
                0,
                plain.hostname(),
                plain.logDirectory(),
                Map.of(),
                Map.of(),
                "",
                "",
                true,
                Optional.empty());

        assertThat(runtime.podSandboxStatus(runtime.runPodSandbox(host))
                        .orElseThrow()
                        .ips())
                .isEmpty();
    }

    /** kubelet's rotation: the engine loses no line at the change of files. */
    @Test
    void fullLogGoesOnInAnotherFile() throws Exception {
        int lines = 5000;
        try (PodRuntime.Subscription subscription = runtime.subscribe(event -> {})) {
            assertThat(subscription).isNotNull();
            String id = started(
                    "job",
                    "/bin/sh",
                    "-c",
                    "i=0; while [ $i -lt " + lines
                            + " ]; do echo line $i; i=$((i+1)); [ $((i%500)) -gt 0 ] || sleep 0.2;"
                            + " done; exec sleep 1000");
            ContainerLogFiles log = new ContainerLogFiles(status(id).logPath());

            Eventually.holds("the last line is logged", () -> logged(log).endsWith(" F line " + (lines - 1) + "\n"));

            assertThat(log.rotated()).hasSizeGreaterThan(1);
            assertThat(logged(log).lines().map(line -> line.split(" ", 4)[3]))
                    .containsExactlyElementsOf(
                            IntStream.range(0, lines).mapToObj(i -> "line " + i).toList());
        }
    }

    private static String logged(ContainerLogFiles log) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path each : log.rotated()) {
            all.append(Files.readString(each));
        }
        return all.append(Files.exists(log.current()) ? Files.readString(log.current()) : "")
                .toString();
    }

    @Test
    void whatAnotherOwnerMadeIsNotOurs() throws Exception {
        running("web");
        try (CriRuntime other = CriRuntime.on(
                socket(),
                new CriSettings(
                        List.of(),
                        LONG,
                        Duration.ofSeconds(1),
                        LONG,
                        Duration.ofMillis(200),
                        LOGS,
                        "skeptest",
                        "another"))) {
            assertThat(other.listPodSandboxes()).isEmpty();
            assertThat(other.listContainers()).isEmpty();
        }
    }

    @Test
    void nextRuntimeGoesOnWhereTheLastOneStopped() throws Exception {
        String first = running("web");
        runtime.close();
        runtime = opened();

        ContainerStatus found = runtime.listContainers().get(0);
        assertThat(found.id()).isEqualTo(first);
        assertThat(found.state()).isEqualTo(State.RUNNING);
        String second = runtime.createContainer(found.sandboxId(), container("job", "/bin/echo", "again"));
        runtime.startContainer(second);
        ended(second);
        assertThat(said(second)).isEqualTo("again\n");
    }

    /** All an aborted call can do: the engine closes what the command reads. One that does not read runs on. */
    @Test
    void commandThatReadsEndsWithItsCaller() throws Exception {
        String id = running("web");
        ExecRequest request = new ExecRequest(List.of("/bin/cat"), true, true, true, false);
        URI door = ((Execution.Served) runtime.exec(id, request)).url();
        WebSocket caller = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("v4.channel.k8s.io")
                .buildAsync(URI.create("ws" + door.toString().substring("http".length())), new WebSocket.Listener() {})
                .get(LONG.toSeconds(), TimeUnit.SECONDS);
        Eventually.holds("it runs", () -> runs(id, "cat"));

        caller.abort();

        Eventually.holds("it ended", () -> !runs(id, "cat"));
    }

    private boolean runs(String id, String program) throws ContainerException {
        return runtime.execSync(id, List.of("/bin/sh", "-c", "pidof " + program), LONG)
                        .exitCode()
                == 0;
    }

    @Test
    void politeRequestToStopDoesNotWait() throws Exception {
        String id = running("web");

        assertThat(runtime.askToStop(id)).isTrue();

        assertThat(ended(id).exitCode()).isEqualTo(143);
    }

    @Test
    void killFromOutsideIsToldAtOnce() throws Exception {
        String id = running("web");
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        try (PodRuntime.Subscription subscription = runtime.subscribe(told::add)) {
            assertThat(subscription).isNotNull();
            runtime.execSync(id, List.of("/bin/sh", "-c", "kill -TERM 1"), LONG);

            Eventually.holds(
                    "the end is told",
                    () -> told.stream()
                            .anyMatch(e -> e.containerId().equals(id) && e.type() == ContainerEvent.Type.STOPPED));
        }
    }

    @Test
    void restartOfTheEngineLeavesContainersAloneAndEndsMeanwhileAreTold() throws Exception {
        Containerd engine = own();
        String stays = running("stays");
        String ends = started("ends", "/bin/sh", "-c", "while [ ! -e /tmp/go ]; do sleep 0.1; done; exit 7");
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        try (PodRuntime.Subscription subscription = runtime.subscribe(told::add)) {
            assertThat(subscription).isNotNull();
            // What is told of a new one comes after the first listing: only then an end can be seen as a change.
            String later = running("later");
            Eventually.holds(
                    "watching",
                    () -> told.stream().anyMatch(e -> e.containerId().equals(later)));
            engine.stop();
            assertThatThrownBy(() -> runtime.info())
                    .isInstanceOfSatisfying(
                            ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));

            engine.run();
            Eventually.holds("engine answers", () -> answers());
            runtime.execSync(ends, List.of("/bin/sh", "-c", "echo > /tmp/go"), LONG);

            Eventually.holds(
                    "the end is told",
                    () -> told.stream()
                            .anyMatch(e -> e.containerId().equals(ends) && e.type() == ContainerEvent.Type.STOPPED));
        }
        assertThat(status(stays).state()).isEqualTo(State.RUNNING);
        assertThat(status(ends).exitCode()).isEqualTo(7);
        assertThat(told).noneMatch(e -> e.containerId().equals(stays));
    }

    @Test
    void engineThatHangsIsAwayUntilItAnswers() throws Exception {
        Containerd engine = own();
        String id = running("web");
        try (PodRuntime.Subscription subscription = runtime.subscribe(event -> {})) {
            assertThat(subscription).isNotNull();
            engine.freeze();
            try {
                assertThatThrownBy(() -> runtime.info())
                        .isInstanceOfSatisfying(
                                ContainerException.class,
                                e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
            } finally {
                engine.thaw();
            }
            Eventually.holds("engine answers", () -> answers());
        }
        assertThat(status(id).state()).isEqualTo(State.RUNNING);
    }

    private boolean answers() {
        try {
            return runtime.info().ready();
        } catch (ContainerException e) {
            return false;
        }
    }
}
