package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts of containers that have a mount namespace. */
class MountsTest {

    @TempDir
    private Path folder;

    private Path volume;
    private RuntimeUnderTest tested;
    private Pods pods;

    @BeforeEach
    void open() throws IOException {
        volume = Files.createDirectory(folder.resolve("volume with blank ü"));
        Files.writeString(volume.resolve("file"), "content\n");
        tested = new RuntimeUnderTest(folder.resolve("runtime"));
        pods = new Pods(tested.runtime(), folder.resolve("logs"));
        Tools tools = Tools.ofThisMachine();
        Path bin = tested.layout().bin();
        Assumptions.assumeTrue(new Namespaces(tools, bin, true).usable(), "no mount namespaces on this machine");
    }

    @AfterEach
    void removeEverything() throws Exception {
        tested.removeEverything();
    }

    @Test
    void volumeIsWhereTheNodeHasNothing() throws Exception {
        String id = run("cat /skep-no-such/deep/file; ls /usr/bin/env /proc/self/stat", mount("/skep-no-such/deep"));

        assertThat(pods.output(id)).isEqualTo("content\n/proc/self/stat\n/usr/bin/env\n");
        assertThat(Path.of("/skep-no-such")).doesNotExist();
    }

    @Test
    void volumeIsInAFolderTheNodeHas() throws Exception {
        String id = run("cat /etc/skep-no-such/file; head -c 5 /etc/passwd", mount("/etc/skep-no-such"));

        assertThat(pods.output(id)).startsWith("content\n");
        assertThat(pods.output(id)).hasSizeGreaterThan("content\n".length());
        assertThat(Path.of("/etc/skep-no-such")).doesNotExist();
    }

    @Test
    void volumeHidesAFolderOfTheNode() throws Exception {
        String id = run("ls /etc", mount("/etc"));

        assertThat(pods.output(id)).isEqualTo("file\n");
    }

    @Test
    void serviceAccountPathLeadsThroughALink() throws Exception {
        String path = "/var/run/secrets/kubernetes.io/serviceaccount";

        String id = run("cat " + path + "/file; cat /run/secrets/kubernetes.io/serviceaccount/file", mount(path));

        assertThat(pods.output(id)).isEqualTo("content\ncontent\n");
    }

    @Test
    void singleFilesAreMounted() throws Exception {
        Path log = Files.createFile(folder.resolve("termination"));
        Path hosts = Files.writeString(folder.resolve("hosts"), "1.2.3.4 web-0\n");

        String id = run(
                "cat /etc/hosts; echo bye >/dev/termination-log; echo x >/dev/null; head -c 1 /dev/zero | wc -c",
                new Mount(log.toString(), "/dev/termination-log", false),
                new Mount(hosts.toString(), "/etc/hosts", true),
                mount("/etc/skep-no-such"));

        assertThat(pods.output(id)).isEqualTo("1.2.3.4 web-0\n1\n");
        assertThat(log).hasContent("bye\n");
    }

    // The supervisor's umask must not shut a container's own user out of the folders made for its mounts.
    @Test
    void anotherUserReachesWhatIsMountedAndWhatLiesBeside() throws Exception {
        Assumptions.assumeTrue(Tools.ofThisMachine().root(), "only root can become another user");
        Path log = Files.createFile(folder.resolve("termination"));
        SecurityContext nobody = Pods.as(65534L);

        String id = pods.start(Pods.with(
                Pods.with(
                        Pods.shell("echo x >/dev/null && id -u"),
                        List.of(),
                        List.of(new Mount(log.toString(), "/dev/termination-log", false)),
                        "/"),
                Resources.NONE,
                nobody));
        pods.ended(id);

        assertThat(pods.output(id)).isEqualTo("65534\n");
    }

    @Test
    void readOnlyIsHonoured() throws Exception {
        String id = run(
                "echo no >/skep-ro/new; echo yes >/skep-rw/new",
                new Mount(volume.toString(), "/skep-ro", true),
                new Mount(Files.createDirectory(folder.resolve("rw")).toString(), "/skep-rw", false));

        assertThat(pods.output(id)).contains("Read-only file system");
        assertThat(volume.resolve("new")).doesNotExist();
        assertThat(folder.resolve("rw/new")).hasContent("yes\n");
    }

    @Test
    void mountsLieInMounts() throws Exception {
        Path outer = Files.createDirectory(folder.resolve("outer"));

        String id = run(
                "cat /skep-outer/inner/file",
                mount("/skep-outer/inner"),
                new Mount(outer.toString(), "/skep-outer", false));

        assertThat(pods.output(id)).isEqualTo("content\n");
    }

    @Test
    void relativePathIsInTheContainersOwnFolder() throws Exception {
        String id = run("cat conf/file; cat $SKEP_CONTAINER_ROOT/conf/file", mount("conf"));

        assertThat(pods.output(id)).isEqualTo("content\ncontent\n");
    }

    // A ConfigMap is updated by turning one link: who has it mounted must see the new one.
    @Test
    void turnedLinkIsSeenInside() throws Exception {
        Path config = Files.createDirectory(folder.resolve("config"));
        Files.writeString(Files.createDirectory(config.resolve("..1")).resolve("key"), "old\n");
        Files.writeString(Files.createDirectory(config.resolve("..2")).resolve("key"), "new\n");
        Files.createSymbolicLink(config.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(config.resolve("key"), Path.of("..data/key"));
        String id = pods.start(Pods.with(
                Pods.shell("cat /skep-config/key; while ! grep -q new /skep-config/key; do sleep 0.02; done;"
                        + " cat etc/app/key"),
                List.of(),
                List.of(
                        new Mount(config.toString(), "/skep-config", true),
                        new Mount(config.toString(), "/etc/app", true)),
                ""));
        pods.says(id, "old");

        Files.createSymbolicLink(config.resolve("..turn"), Path.of("..2"));
        Files.move(config.resolve("..turn"), config.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        pods.ended(id);
        assertThat(pods.output(id)).isEqualTo("old\nnew\n");
    }

    @Test
    void commandsRunInsideSeeTheMounts() throws Exception {
        String id = pods.start(Pods.with(Pods.of("sleep", "1000"), List.of(), List.of(mount("/skep-no-such")), ""));

        assertThat(tested.runtime()
                        .execSync(id, List.of("cat", "/skep-no-such/file"), Duration.ofSeconds(30))
                        .stdout())
                .isEqualTo("content\n");
        tested.replace();
        assertThat(tested.runtime()
                        .execSync(id, List.of("cat", "/skep-no-such/file"), Duration.ofSeconds(30))
                        .stdout())
                .isEqualTo("content\n");
    }

    @Test
    void stoppedContainerLeavesNoMount() throws Exception {
        String id = pods.start(Pods.with(Pods.of("sleep", "1000"), List.of(), List.of(mount("/etc/skep-no-such")), ""));
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(id);

        tested.runtime().removeContainer(id);

        assertThat(folder.resolve("runtime/containers")).isEmptyDirectory();
        assertThat(volume.resolve("file")).hasContent("content\n");
    }

    @Test
    void sourceThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> run("true", new Mount(folder.resolve("no-such").toString(), "/x", false)))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
                .hasMessageContaining("nothing is at");
    }

    // The whole way of an ordinary user: user namespace, mounts, adoption by another JVM, exec.
    @Test
    void ordinaryUserHasMountsToo() throws Exception {
        Tools tools = Tools.ofThisMachine();
        Assumptions.assumeTrue(tools.root() && tools.find("setpriv").isPresent(), "only root can become another user");
        Path home = Files.createTempDirectory("skep-user");
        new ProcessBuilder("chown", "65534:65534", home.toString()).start().waitFor();
        new ProcessBuilder("chmod", "-R", "a+rX", folder.toString()).start().waitFor();
        Process jvm = RuntimeProcess.start(
                List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"),
                home,
                "id -u; cat /etc/skep-no-such/file skep-also/file; echo end; sleep 1000",
                volume.toString(),
                "/etc/skep-no-such",
                volume.toString(),
                "/skep-also");
        try {
            String id = Files.readString(home.resolve("id"));
            Eventually.holds(
                    "all is said",
                    () -> Files.exists(home.resolve("logs/app/0.log"))
                            && Files.readString(home.resolve("logs/app/0.log")).contains("F end"));
            assertThat(Files.readAllLines(home.resolve("logs/app/0.log")))
                    .extracting(line -> line.split(" ", 4)[3])
                    .containsExactly("65534", "content", "content", "end");
            assertThat(id).isNotEmpty();
        } finally {
            jvm.destroyForcibly().waitFor();
            RuntimeUnderTest rest = new RuntimeUnderTest(home.resolve("runtime"));
            rest.removeEverything();
            DurableFile.deleteTree(home);
        }
    }

    private Mount mount(String containerPath) {
        return new Mount(volume.toString(), containerPath, false);
    }

    private String run(String script, Mount... mounts) throws ContainerException {
        String id = pods.start(Pods.with(Pods.shell(script), List.of(), List.of(mounts), ""));
        pods.ended(id);
        return id;
    }
}
