package io.skep.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.launcher.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps pods from starting, each with its fix. */
class ContainerdCheckTest {

    @TempDir
    Path folder;

    @BeforeEach
    void network() throws IOException {
        Files.createDirectories(folder.resolve("net.d"));
        Files.writeString(folder.resolve("net.d/10-bridge.conflist"), "{}");
        Files.createDirectories(folder.resolve("bin"));
        Path bridge = Files.createFile(folder.resolve("bin/bridge"));
        assertThat(bridge.toFile().setExecutable(true)).isTrue();
    }

    /** As containerd 1.6 prints it, cut short. */
    private String dump(boolean slices) {
        return """
                disabled_plugins = []
                [plugins]
                  [plugins."io.containerd.grpc.v1.cri"]
                    sandbox_image = "registry.k8s.io/pause:3.6"
                    [plugins."io.containerd.grpc.v1.cri".cni]
                      bin_dir = "%1$s/bin"
                      conf_dir = "%1$s/net.d"
                    [plugins."io.containerd.grpc.v1.cri".containerd]
                      [plugins."io.containerd.grpc.v1.cri".containerd.default_runtime]
                        cni_conf_dir = ""
                      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                        SystemdCgroup = %2$s
                """.formatted(folder, slices);
    }

    /** As containerd 2.2 prints it, cut short: a list of folders, and another table with a key of the older name. */
    private String dumpOfTwo() {
        return """
                disabled_plugins = []
                [plugins]
                  [plugins.'io.containerd.cri.v1.images'.pinned_images]
                    sandbox = 'registry.k8s.io/pause:3.10.1'
                  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
                    SystemdCgroup = true

                  [plugins.'io.containerd.cri.v1.runtime'.cni]
                    bin_dir = ''
                    bin_dirs = ['/nowhere', '%1$s/bin']
                    conf_dir = '%1$s/net.d'

                  [plugins.'io.containerd.image-verifier.v1.bindir']
                    bin_dir = '/opt/containerd/image-verifier/bin'
                """.formatted(folder);
    }

    private Finding finding(String what, ContainerdCheck check) {
        return check.findings().stream()
                .filter(f -> f.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    private static ContainerdCheck check(String config, boolean systemd) {
        return new ContainerdCheck(config, systemd, true, image -> Optional.of(true));
    }

    @Test
    void soundEngineHasNothingToMend() {
        assertThat(check(dump(true), true).findings())
                .hasSize(4)
                .allSatisfy(f -> assertThat(f.level()).isEqualTo(Level.OK));
    }

    @Test
    void engineWithSeveralFoldersOfPluginsHasNothingToMend() {
        assertThat(check(dumpOfTwo(), true).findings())
                .hasSize(4)
                .allSatisfy(f -> assertThat(f.level()).isEqualTo(Level.OK));
    }

    @Test
    void pluginsAreMissedInTheFoldersOfTheNetworkOnly() throws IOException {
        Files.delete(folder.resolve("bin/bridge"));

        Finding programs = finding("containerd CNI", check(dumpOfTwo(), true));

        assertThat(programs.found()).isEqualTo("no plug-ins in /nowhere, " + folder.resolve("bin"));
    }

    @Test
    void driverThatIsNotTheMachinesIsNamedWithItsLine() {
        Finding withSystemd = finding("containerd cgroups", check(dump(false), true));
        assertThat(withSystemd.level()).isEqualTo(Level.WARNING);
        assertThat(withSystemd.found()).isEqualTo("cgroupfs, but systemd runs this machine");
        assertThat(withSystemd.fix()).contains("SystemdCgroup = true").contains("/etc/containerd/config.toml");
        // Debian's file has no such table, and one with the option alone takes the runtime's type away
        assertThat(withSystemd.fix())
                .contains("[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc] with runtime_type =")
                .contains("[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options] with");

        Finding without = finding("containerd cgroups", check(dump(true), false));
        assertThat(without.level()).isEqualTo(Level.ERROR);
        assertThat(without.fix()).contains("SystemdCgroup = false");

        Finding ofTwo = finding("containerd cgroups", check(dumpOfTwo(), false));
        assertThat(ofTwo.fix()).contains("[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]");
    }

    @Test
    void missingNetworkIsNamedWithItsFolder() throws IOException {
        Files.delete(folder.resolve("net.d/10-bridge.conflist"));
        Finding none = finding("containerd CNI", check(dump(true), true));
        assertThat(none.found()).isEqualTo("no network in " + folder.resolve("net.d"));

        Files.delete(folder.resolve("bin/bridge"));
        Finding programs = finding("containerd CNI", check(dump(true), true));
        assertThat(programs.fix()).contains("containernetworking-plugins");
    }

    /** As in a container that was not given all capabilities. */
    @Test
    void oomScoreThatMayNotBeLoweredIsAnErrorUnlessItIsLeftAlone() throws IOException {
        Path status = folder.resolve("status");
        Files.writeString(status, "Name:\tx\nCapBnd:\t000001fffeffffff\n");
        assertThat(ContainerdCheck.mayHave(24, status)).isFalse();
        assertThat(ContainerdCheck.mayHave(21, status)).isTrue();

        ContainerdCheck usual = new ContainerdCheck(dump(true), true, false, image -> Optional.of(true));
        assertThat(finding("containerd OOM", usual).level()).isEqualTo(Level.ERROR);
        assertThat(finding("containerd OOM", usual).fix()).contains("restrict_oom_score_adj = true");

        ContainerdCheck told = new ContainerdCheck(
                dump(true) + "restrict_oom_score_adj = true\n", true, false, image -> Optional.of(true));
        assertThat(finding("containerd OOM", told).level()).isEqualTo(Level.OK);
    }

    @Test
    void missingPauseImageIsNamedWithItsPull() {
        Finding finding =
                finding("pause image", new ContainerdCheck(dump(true), true, true, image -> Optional.of(false)));

        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.fix()).contains("images pull registry.k8s.io/pause:3.6");
    }

    @Test
    void machineWithoutContainerdMayHaveCrio() throws IOException {
        Path socket = folder.resolve("crio.sock");
        Finding none = ContainerdCheck.instead(socket);
        assertThat(none.found()).contains("pods run as processes");

        Files.createFile(socket);

        assertThat(ContainerdCheck.instead(socket).what()).isEqualTo("CRI-O");
        assertThat(ContainerdCheck.instead(socket).found()).isEqualTo(socket.toString());
    }

    @Test
    void engineWithoutCriIsAnError() {
        ContainerdCheck check = check("disabled_plugins = [\"cri\"]\n", true);

        assertThat(check.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.fix()).contains("disabled_plugins"));
    }
}
