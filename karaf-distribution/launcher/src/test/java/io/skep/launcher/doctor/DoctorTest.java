package io.skep.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.launcher.doctor.Finding.Level;
import io.skep.launcher.host.ListeningPorts;
import io.skep.launcher.instance.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

    @TempDir
    Path folder;

    @Test
    void whateverIsWrongComesWithAFix() {
        assertThatThrownBy(() -> Finding.warning("clock", "off", "")).hasMessageContaining("clock");
        assertThat(new MachineCheck(folder).findings()).isNotEmpty();
        assertThat(ClockCheck.ofThisMachine()).isNotEmpty();
        assertThat(CgroupCheck.ofThisMachine().findings()).hasSize(2);
    }

    /** As on Ubuntu, where AppArmor keeps them from ordinary users. */
    @Test
    void switchesOfThisKernelAreNamedForUserNamespacesAndNoOthers() throws IOException {
        Path apparmor = folder.resolve("kernel/apparmor_restrict_unprivileged_userns");
        Files.createDirectories(apparmor.getParent());
        Files.writeString(apparmor, "1\n");

        assertThat(MachineCheck.noUserNamespaces(folder).fix())
                .startsWith("sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, ");
    }

    /** An instance on a full disk can't say so itself: its log is there, too. */
    @Test
    void tooLittleRoomForAStartIsSaid() {
        assertThat(MachineCheck.lack(3, folder)).contains("only 3 MiB are free at " + folder);
        assertThat(MachineCheck.lack(50, folder)).isEmpty();
    }

    @Test
    void errorsAloneDecideTheExitCode() {
        Finding fine = Finding.ok("java", "17");
        Finding warning = Finding.warning("kubectl", "not there", "install it");

        assertThat(DoctorCommand.exitCode(List.of(fine, warning))).isZero();
        assertThat(DoctorCommand.exitCode(List.of(fine, Finding.error("port 1", "taken", "stop it"))))
                .isEqualTo(1);
    }

    @Test
    void jsonHoldsTheFourFieldsOfEachFinding() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(DoctorCommand.json(
                        List.of(Finding.ok("java", "17"), Finding.warning("kubectl", "not there", "install it"))));

        assertThat(json).hasSize(2);
        assertThat(json.get(0).toString())
                .isEqualTo(new ObjectMapper()
                        .createObjectNode()
                        .put("what", "java")
                        .put("level", "ok")
                        .put("found", "17")
                        .put("fix", "")
                        .toString());
        assertThat(json.get(1).get("level").asText()).isEqualTo("warning");
    }

    @Test
    void lineNamesLevelFindingAndFix() {
        assertThat(Finding.error("port 6443", "taken", "stop it").line())
                .matches("error +port 6443 +taken  fix: stop it");
        assertThat(Finding.ok("java", "17").line()).doesNotContain("fix");
    }

    @Test
    void onlyJava17IsFine() {
        assertThat(MachineCheck.java(Runtime.Version.parse("17.0.9")).level()).isEqualTo(Level.OK);
        assertThat(MachineCheck.java(Runtime.Version.parse("21")).level()).isEqualTo(Level.WARNING);
        assertThat(MachineCheck.java(Runtime.Version.parse("11.0.1")).level()).isEqualTo(Level.ERROR);
    }

    @Test
    void clockOfAMachineThatLostTheTimeIsAnError() {
        assertThat(ClockCheck.clock(Instant.EPOCH).level()).isEqualTo(Level.ERROR);
        assertThat(ClockCheck.clock(Instant.parse("2026-11-23T00:00:00Z")).level())
                .isEqualTo(Level.OK);
        assertThat(ClockCheck.clock(Instant.parse("2200-01-01T00:00:00Z")).level())
                .isEqualTo(Level.ERROR);
    }

    @Test
    void timeServiceIsReadFromEitherProgram() {
        assertThat(ClockCheck.synchronised("yes\n").level()).isEqualTo(Level.OK);
        assertThat(ClockCheck.synchronised("no\n").level()).isEqualTo(Level.WARNING);
        assertThat(ClockCheck.ofKernel("   mode: 0\n   status: 8193\n")).contains("yes");
        assertThat(ClockCheck.ofKernel("   mode: 0\n   status: 64\n")).contains("no");
        assertThat(ClockCheck.ofKernel("nothing")).isEmpty();
    }

    @Test
    void unifiedCgroupsAreToldWithTheirControllers() throws IOException {
        Files.writeString(folder.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");

        List<Finding> findings = new CgroupCheck(folder, true).findings();

        assertThat(findings)
                .extracting(Finding::found)
                .containsExactly("systemd", "v2, controllers cpu cpuset io memory pids");
        assertThat(findings).extracting(Finding::level).containsOnly(Level.OK);
    }

    @Test
    void missingControllerIsNamed() throws IOException {
        Files.writeString(folder.resolve("cgroup.controllers"), "cpu pids\n");

        Finding finding = new CgroupCheck(folder, false).findings().get(1);

        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.fix()).contains("enable memory in cgroup.subtree_control");
    }

    @Test
    void oldCgroupsAreToldWithWhatIsMounted() throws IOException {
        for (String controller : List.of("cpu,cpuacct", "memory", "pids", "systemd")) {
            Files.createDirectories(folder.resolve(controller));
            Files.createFile(folder.resolve(controller).resolve("cgroup.procs"));
        }

        assertThat(new CgroupCheck(folder, false).findings())
                .extracting(Finding::found)
                .containsExactly("cgroupfs", "v1, controllers cpu cpuacct memory pids");
    }

    @Test
    void noCgroupsAtAllIsAWarning() {
        assertThat(new CgroupCheck(folder.resolve("none"), false)
                        .findings()
                        .get(1)
                        .level())
                .isEqualTo(Level.WARNING);
    }

    @Test
    void takenPortIsAnErrorUnlessItsOwnerHasIt() throws IOException {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            List<Ports.Wanted> ports = List.of(new Ports.Wanted(taken.getLocalPort(), "shell", "pid:sshPort"));

            Set<Integer> held = ListeningPorts.of(ProcessHandle.current().pid()).orElseThrow();
            assertThat(PortCheck.findings("edge", ports, Set.of()))
                    .singleElement()
                    .satisfies(f -> assertThat(f.fix()).contains("--set pid:sshPort=<port>"));
            assertThat(PortCheck.findings("edge", ports, held))
                    .singleElement()
                    .satisfies(f -> assertThat(f.level()).isEqualTo(Level.OK));
        }
    }

    @Test
    void portThatIsWantedTwiceIsAnError() {
        List<Ports.Wanted> ports = List.of(new Ports.Wanted(9, "shell", "a:b"), new Ports.Wanted(9, "monitor", "c:d"));

        assertThat(PortCheck.findings("edge", ports, Set.of()).get(1).found()).contains("wanted twice");
    }
}
