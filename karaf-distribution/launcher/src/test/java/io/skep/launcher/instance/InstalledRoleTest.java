package io.skep.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledRoleTest {

    @TempDir
    private Path folder;

    private Instance trained;
    private Instance edge;
    private InstalledRole installed;

    @BeforeEach
    void instances() throws IOException {
        write(folder.resolve("etc/io.skep.edged.cfg"), "#node.name =\n");
        write(folder.resolve("etc/org.apache.felix.fileinstall-deploy.cfg"), "felix.fileinstall.dir = deploy\n");
        write(folder.resolve("etc/users.properties"), "karaf = karaf\n");
        write(folder.resolve("roles/edge/org.apache.karaf.shell.cfg"), "sshPort = 8102\n");
        write(folder.resolve("roles/edge/org.apache.karaf.features.cfg"), "featuresBoot = edge-node, edge-shell\n");
        trained = new Home(folder, folder.resolve("instances/.archive")).instance("edge");
        edge = new Home(folder, folder.resolve("instances")).instance("edge");
        trained.create(Role.EDGE);
        edge.create(Role.EDGE);
        installed = InstalledRole.of(edge);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** What the training leaves: bundles, Config Admin's copies, a feature's settings, a host key. */
    private void train(boolean done) throws IOException {
        Path cache = trained.data().resolve("cache");
        write(cache.resolve("bundle7/version0.0/bundle.jar"), "a bundle");
        write(cache.resolve("bundle13/data/config/io/skep/edged.config"), "node.name=training");
        write(cache.resolve("bundle19/data/state.json"), "{\"bootDone\":" + done + "}");
        write(trained.etc().resolve("org.apache.karaf.command.acl.shell.cfg"), "jdbc = admin\n");
        write(trained.etc().resolve("org.apache.karaf.shell.cfg"), "sshPort = 40001\n");
        write(trained.etc().resolve("host.key"), "secret");
        installed.keep(trained);
    }

    private Path cached(String file) {
        return edge.data().resolve("cache").resolve(file);
    }

    @Test
    void aNewInstanceBeginsWithTheBundlesAndTheFeaturesSettings() throws IOException {
        train(true);

        installed.into(edge);

        assertThat(cached("bundle7/version0.0/bundle.jar")).hasContent("a bundle");
        assertThat(edge.bundles().isInstalled()).isTrue();
        assertThat(edge.etc().resolve("org.apache.karaf.command.acl.shell.cfg")).hasContent("jdbc = admin");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cached(""))))
                .isEqualTo("rwx------");
    }

    @Test
    void nothingThatIsTheTrainedInstancesOwnGoesAlong() throws IOException {
        train(true);

        installed.into(edge);

        assertThat(cached("bundle13/data/config")).doesNotExist();
        assertThat(edge.etc().resolve("host.key")).doesNotExist();
        assertThat(edge.setting("org.apache.karaf.shell", "sshPort")).contains("8102");
    }

    @Test
    void anInstanceWithBundlesKeepsItsOwn() throws IOException {
        train(true);
        write(cached("bundle7/version0.1/bundle.jar"), "an upgrade");

        installed.into(edge);

        assertThat(cached("bundle7/version0.1/bundle.jar")).hasContent("an upgrade");
        assertThat(cached("bundle7/version0.0")).doesNotExist();
    }

    @Test
    void anInstanceThatIsToBootOtherFeaturesInstallsThem() throws IOException {
        train(true);
        edge.configure(List.of("org.apache.karaf.features:featuresBoot=edge-node"));

        installed.into(edge);

        assertThat(edge.bundles().isEmpty()).isTrue();
    }

    @Test
    void afterTheDistributionWasMovedItIsInstalledAnew() throws IOException {
        train(true);
        Instance moved = new Home(folder.resolve("elsewhere/.."), folder.resolve("instances")).instance("edge");

        installed.into(moved);

        assertThat(edge.bundles().isEmpty()).isTrue();
    }

    @Test
    void aCopyThatWasCutOffIsMadeAgain() throws IOException {
        train(true);
        write(edge.data().resolve("cache.new/bundle7/version0.0/bundle.jar"), "a bun");

        installed.into(edge);

        assertThat(cached("bundle7/version0.0/bundle.jar")).hasContent("a bundle");
        assertThat(edge.data().resolve("cache.new")).doesNotExist();
    }

    @Test
    void whatWasNotInstalledToItsEndIsNotKept() throws IOException {
        train(true);
        train(false);

        installed.into(edge);

        assertThat(edge.bundles().isEmpty()).isTrue();
    }
}
