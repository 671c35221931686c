package io.skep.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.launcher.command.JoinCommand;
import io.skep.launcher.doctor.EngineCheck;
import io.skep.launcher.doctor.Finding;
import io.skep.launcher.host.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {

    @TempDir
    Path folder;

    private Home home;
    private Instance edge;

    @BeforeEach
    void distribution() throws IOException {
        write("etc/io.skep.bus.cfg", "# Size.\n#mailbox.size = 1024\n\n# Modules.\n#modules.expected =\n");
        write("etc/org.apache.karaf.shell.cfg", "sshPort = 1\nother = x\n");
        write("etc/users.properties", "karaf = karaf\n");
        write("etc/org.apache.felix.fileinstall-deploy.cfg", "felix.fileinstall.start.level = 80\n");
        write("roles/edge/org.apache.felix.fileinstall-deploy.cfg", "felix.fileinstall.start.level = 90\n");
        write("roles/edge/io.skep.bus.cfg", "modules.expected = a:b,c:d\n");
        write("roles/edge/org.apache.karaf.shell.cfg", "sshPort = 8102\n");
        write("roles/edge/org.apache.felix.http.cfg", "org.osgi.service.http.port = 9092\n");
        write("roles/cloud/org.apache.felix.http.cfg", "org.osgi.service.http.port = 9091\n");
        home = new Home(folder, folder.resolve("instances"));
        edge = home.instance("edge");
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void roleSetsKeysInOurTemplatesAndReplacesOtherFiles() {
        edge.create(Role.EDGE);

        assertThat(edge.etc().resolve("io.skep.bus.cfg"))
                .content()
                .contains("# Size.", "#mailbox.size = 1024", "#modules.expected =\nmodules.expected = a:b,c:d");
        assertThat(edge.settings("org.apache.karaf.shell")).isEqualTo(Map.of("sshPort", "8102"));
        assertThat(edge.role()).isEqualTo(Role.EDGE);
        assertThat(edge.monitorPort()).isEqualTo(9092);
    }

    // Whoever may write a file there may run code: a cloud takes none this way.
    @Test
    void onlyANodeWatchesDeploy() {
        Instance cloud = home.instance("cloud");
        String deploy = "org.apache.felix.fileinstall-deploy.cfg";

        cloud.create(Role.CLOUD);
        edge.create(Role.EDGE);

        assertThat(cloud.etc().resolve(deploy)).doesNotExist();
        assertThat(cloud.folder().resolve("deploy")).doesNotExist();
        assertThat(edge.etc().resolve(deploy)).content().contains("90");
        assertThat(edge.folder().resolve("deploy")).isDirectory();
    }

    @Test
    void whatAKilledProcessLeftInItsTemporaryFolderGoes() throws IOException {
        edge.create(Role.EDGE);
        Files.writeString(
                Files.createDirectory(edge.temporary().resolve("left")).resolve("update.jar"), "half");

        edge.discardTemporaryFiles();

        assertThat(edge.temporary()).isEmptyDirectory();
    }

    @Test
    void instanceIsMadeOnceAndKeepsItsRole() {
        edge.create(Role.EDGE);
        edge.configure(List.of("io.skep.bus:mailbox.size=7"));

        edge.create(Role.EDGE);

        assertThat(edge.setting("io.skep.bus", "mailbox.size")).contains("7");
        assertThatThrownBy(() -> edge.create(Role.CLOUD)).hasMessageContaining("has the role edge");
    }

    @Test
    void passwordIsNewAndTheOwnersAlone() throws IOException {
        edge.create(Role.EDGE);

        Path users = edge.etc().resolve("users.properties");
        assertThat(mode(users)).isEqualTo("rw-------");
        assertThat(users).content().startsWith("admin = ").doesNotContain("karaf = karaf");
        assertThat(mode(edge.data().resolve("store"))).isEqualTo("rwx------");
        assertThat(mode(edge.data().resolve("kube"))).isEqualTo("rwx------");
    }

    // A container that runs as somebody else has its folder below it, and must get there without seeing what lies
    // beside.
    @Test
    void dataFolderLetsThroughAndShowsNothing() throws IOException {
        edge.create(Role.EDGE);

        assertThat(mode(edge.data())).isEqualTo("rwx--x--x");
    }

    @Test
    void joinPutsTheTokenIntoAFileOfItsOwn() throws IOException {
        JoinCommand.join(edge, "cloud.example:20000", 20002, "0123.secret", "node-7");

        assertThat(mode(edge.folder().resolve("join-token"))).isEqualTo("rw-------");
        assertThat(edge.folder().resolve("join-token")).hasContent("0123.secret");
        assertThat(edge.settings("io.skep.edgehub"))
                .containsEntry("cloud.https", "https://cloud.example:20002")
                .containsEntry("cloud.websocket", "wss://cloud.example:20000")
                .containsEntry("token.file", "${karaf.base}/join-token")
                .containsEntry("node.name", "node-7");
        assertThat(edge.setting("io.skep.edged", "node.name")).contains("node-7");
        try (Stream<Path> files = Files.list(edge.etc())) {
            assertThat(files).noneMatch(f -> Instance.read(f).contains("secret"));
        }
    }

    @Test
    void secretThatIsWrittenAnewStaysTheOwnersAlone() throws IOException {
        edge.create(Role.EDGE);
        edge.writeSecret("join-token", "old");

        Path file = edge.writeSecret("join-token", "new");

        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(file).hasContent("new");
    }

    @Test
    void badSettingIsRefusedBeforeAnythingIsWritten() {
        edge.create(Role.EDGE);

        assertThatThrownBy(() -> edge.configure(List.of("io.skep.bus:mailbox.size=7", "nonsense")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'nonsense'");
        assertThat(edge.setting("io.skep.bus", "mailbox.size")).isEmpty();
    }

    @Test
    void portsAreThoseOfTheInstancesOwnConfiguration() {
        edge.create(Role.EDGE);
        edge.configure(List.of("org.apache.karaf.shell:sshPort=8199"));

        assertThat(edge.ports())
                .extracting(Ports.Wanted::port, Ports.Wanted::use)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(9092, "monitor"),
                        org.assertj.core.groups.Tuple.tuple(8199, "shell"));
        assertThat(home.ports(Role.CLOUD))
                .extracting(Ports.Wanted::port)
                .containsExactly(10000, 10002, 10004, 6443, 9091, 8101);
    }

    @Test
    void portThatIsNoneIsNamed() {
        edge.create(Role.EDGE);
        edge.configure(List.of("org.apache.karaf.shell:sshPort=ssh"));

        assertThatThrownBy(edge::ports)
                .hasMessageContaining("sshPort of org.apache.karaf.shell")
                .hasMessageContaining("'ssh'");
    }

    @Test
    void halfMadeInstancesAndForeignFoldersAreNotListed() throws IOException {
        edge.create(Role.EDGE);
        Files.createDirectories(folder.resolve("instances/.cloud.new/etc"));
        Files.createDirectories(folder.resolve("instances/notes"));

        assertThat(home.all()).extracting(Instance::name).containsExactly("edge");
    }

    @Test
    void instanceCanBeNamedInsteadOfItsRole() {
        home.instance("edge-b").create(Role.EDGE);

        assertThat(home.role("edge-b")).isEqualTo(Role.EDGE);
        assertThat(home.role("cloud")).isEqualTo(Role.CLOUD);
        assertThatThrownBy(() -> home.role("edge-c")).isInstanceOf(UsageException.class);
    }

    @Test
    void namesThatCouldLeaveTheFolderAreRefused() {
        for (String name : List.of("", "..", "a/b", "-a", "A", "a".repeat(64))) {
            assertThatThrownBy(() -> home.instance(name)).as(name).isInstanceOf(UsageException.class);
        }
        assertThat(home.instance("edge-2").folder()).isEqualTo(folder.resolve("instances/edge-2"));
    }

    @Test
    void verbWithoutANameMeansTheFirstThatIsThere() {
        assertThatThrownBy(() -> home.pick(null, "edge", "cloud")).hasMessageContaining("skep up");
        home.instance("cloud").create(Role.CLOUD);

        assertThat(home.pick(null, "edge", "cloud").name()).isEqualTo("cloud");
        assertThatThrownBy(() -> home.pick("other")).hasMessageContaining("no instance 'other'");
    }

    @Test
    void doctorLooksForTheEngineThatAnInstanceIsSetTo() throws IOException {
        edge.create(Role.EDGE);
        assertThat(EngineCheck.of(home)).isEmpty();
        Path socket = folder.resolve("engine.sock");
        Path setting = edge.etc().resolve("io.skep.runtime.cri.cfg");

        Files.writeString(setting, "socket = " + socket + "\n");
        assertThat(EngineCheck.of(home)).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Finding.Level.ERROR);
            assertThat(finding.line()).contains("engine of edge", socket.toString(), "=auto");
        });

        Files.createFile(socket);
        assertThat(EngineCheck.of(home)).containsExactly(Finding.ok("engine of edge", socket.toString()));
    }
}
