package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.fault.StepModule;
import io.skep.itests.system.ConfigTraffic;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.ModuleJars;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Modules are replaced on a node while the JVM is killed, the cloud comes and goes, and files come that nobody signed. */
class SwapFaultsIT {

    private static final String META = "metamanager";

    private static TestSystem system;
    private static RunningRole cloud;
    private static RunningRole edge;
    private static ConfigTraffic traffic;
    private static ModuleJars jars;

    @BeforeAll
    static void open() {
        system = TestSystem.fresh("swap-faults");
        cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "worker");
        traffic = ConfigTraffic.of(cloud, edge, "worker", "steady");
        jars = new ModuleJars(system.folder(), system.folder().resolve("sign"));
    }

    @AfterAll
    static void close() {
        system.close();
    }

    /** A step of an upgrade, the version with which it takes long, and how it is seen from outside. */
    enum Moment {
        CHECK {
            @Override
            Path version() {
                return jars.largeWith(META, "1.1.2", "anchor", StepModule.WELL);
            }

            @Override
            boolean isNow() {
                return exists("new.jar");
            }
        },
        SNAPSHOT {
            @Override
            Path version() {
                return jars.good(META, "1.1.3");
            }

            @Override
            boolean isNow() {
                return exists("old.jar.part");
            }
        },
        DRAIN {
            @Override
            Path version() {
                return jars.good(META, "1.1.4");
            }

            @Override
            boolean isNow() {
                return signed(StepModule.HANGS_IN_STOP);
            }
        },
        START {
            @Override
            Path version() {
                return jars.insteadOf(META, "1.1.5", META, StepModule.HANGS_IN_START);
            }

            @Override
            boolean isNow() {
                return signed(StepModule.HANGS_IN_START);
            }
        },
        GATE {
            @Override
            Path version() {
                return jars.insteadOf(META, "1.1.6", META, StepModule.UNHEALTHY);
            }

            @Override
            boolean isNow() {
                return signed(StepModule.UNHEALTHY);
            }
        };

        abstract Path version();

        abstract boolean isNow();

        // The snapshots of former operations stay; what one under way has beside them goes with it.
        static boolean exists(String file) {
            try (Stream<Path> files = Files.walk(edge.folder().resolve("data/bus/operations"))) {
                return files.anyMatch(f -> f.getFileName().toString().equals(file));
            } catch (IOException | java.io.UncheckedIOException e) {
                return false;
            }
        }

        static boolean signed(String does) {
            try {
                return Files.exists(jars.sign())
                        && Files.readString(jars.sign()).equals(does);
            } catch (IOException e) {
                return false;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedInTheMiddleOfAnUpgradeTheFormerModuleIsBackWholeAndNothingIsLost(Moment moment) throws IOException {
        if (!label().equals("io.skep.metamanager/1.1.1")) {
            edge.shell("edge:module-upgrade metamanager "
                    + jars.largeWith(META, "1.1.1", "anchor", StepModule.HANGS_IN_STOP));
        }
        Files.deleteIfExists(jars.sign());
        Path version = moment.version();
        traffic.begin();

        CompletableFuture<Void> upgrade =
                CompletableFuture.runAsync(() -> edge.shell("edge:module-upgrade metamanager " + version));
        Eventually.seen("the step", moment::isNow, edge::lastLines);
        edge.kill();
        // What the client makes of a line that is cut is its own affair.
        upgrade.handle((done, failure) -> null).join();
        edge.start("edge");

        Map<String, Long> last = traffic.end();
        Eventually.seen("operation ended", () -> !outcome().equals("RUNNING"), edge::lastLines);
        JsonNode operation = operation();
        assertThat(operation.path("to").asText()).isIn("", "io.skep.metamanager/" + number(version));
        assertThat(operation.path("outcome").asText()).as(operation.toString()).isEqualTo("INTERRUPTED");
        assertThat(operation.path("reason").asText())
                .isEqualTo("the process ended in the middle of it; io.skep.metamanager/1.1.1 is in place");
        Eventually.seen("ready", edge::ready, edge::readiness);
        Eventually.seen("last versions on the node", () -> last.equals(traffic.kept()), edge::lastLines);
        assertThat(label()).isEqualTo("io.skep.metamanager/1.1.1");
        assertThat(traffic.starts()).as("starts of the pod").isEqualTo(1);
        assertThat(traffic.alive()).isTrue();
    }

    @Test
    void killedInTheMiddleOfAnInstallationNothingOfItIsLeft() throws IOException {
        killedWhile(
                "edge:module-install " + jars.archive("visitor", "1.0.0", StepModule.UNHEALTHY), StepModule.UNHEALTHY);

        assertThat(operation().path("kind").asText()).isEqualTo("INSTALL");
        assertThat(operation().path("reason").asText())
                .isEqualTo("the process ended in the middle of it; nothing of it is left");
        Eventually.seen("ready", edge::ready, edge::readiness);
        assertThat(edge.shell("bundle:list -s")).doesNotContain("visitor");
        assertThat(edge.shell("edge:modules")).doesNotContain("visitor");
        assertThat(edge.shell("edge:module-install " + jars.archive("visitor", "1.0.1", StepModule.WELL)))
                .contains("succeeded");
        edge.shell("edge:module-remove visitor");
    }

    @Test
    void killedInTheMiddleOfARemovalTheModuleIsBackWhole() throws IOException {
        edge.shell("edge:module-install " + jars.alone("stayer", "1.0.0", StepModule.HANGS_IN_STOP));

        killedWhile("edge:module-remove stayer", StepModule.HANGS_IN_STOP);

        assertThat(operation().path("kind").asText()).isEqualTo("REMOVE");
        assertThat(operation().path("reason").asText())
                .isEqualTo("the process ended in the middle of it; io.skep.itests.stayer/1.0.0 is in place");
        Eventually.seen("stayer", () -> edge.shell("edge:modules").contains("stayer"), edge::lastLines);
        edge.shell("edge:module-remove stayer");
    }

    private static void killedWhile(String command, String does) throws IOException {
        Files.deleteIfExists(jars.sign());
        CompletableFuture<Void> operation = CompletableFuture.runAsync(() -> edge.shell(command));
        Eventually.seen("the step", () -> Moment.signed(does), edge::lastLines);
        edge.kill();
        operation.handle((done, failure) -> null).join();
        edge.start("edge");
        Eventually.seen("operation ended", () -> outcome().equals("INTERRUPTED"), edge::lastLines);
    }

    // Whether a version is taken while the cloud goes is chance: what counts is how all of it ends.
    @Test
    void hubIsReplacedWhileItsCloudComesAndGoesAndNothingIsLost() {
        CompletableFuture<Void> flapping = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 2; i++) {
                cloud.kill();
                cloud.start("cloud");
            }
        });
        int version = 0;
        while (!flapping.isDone()) {
            Path jar = jars.good("edgehub", "1.1." + ++version);
            assertThat(CompletableFuture.supplyAsync(() -> edge.shell("edge:module-upgrade websocket " + jar))
                            .handle((said, failure) -> failure == null ? "succeeded" : failure.toString())
                            .join())
                    .containsAnyOf("succeeded", "was rolled back");
        }
        flapping.join();

        Eventually.seen("linked", edge::linked, edge::lastLines);
        traffic.begin();
        Map<String, Long> last = traffic.end();
        Eventually.seen("last versions on the node", () -> last.equals(traffic.kept()), edge::lastLines);
        assertThat(version).as("upgrades meanwhile").isPositive();
        assertThat(traffic.starts()).as("starts of the pod").isEqualTo(1);
    }

    @Test
    void bundleOfTheShellIsUpdatedByOneOfItsCommands() {
        assertThat(edge.shell("bundle:update io.skep.shell", "edge:modules")).contains(META);
        assertThat(edge.shell("edge:modules")).contains(META);
    }

    @Test
    void jarInDeployRunsOnlyWithTheSignatureThatIsAskedFor() throws IOException {
        Path deployed = edge.folder().resolve("deploy/guest.jar");
        edge.shell("config:property-set -p io.skep.bus.operations trust.certificates " + jars.newSigner());
        try {
            Path first = jars.alone("guest", "1.0.0");
            put(first, deployed);
            Eventually.seen(
                    "refusal",
                    () -> edge.log().contains("bundle of deploy/ may not run: bundle=io.skep.itests.guest/1.0.0"),
                    edge::lastLines);
            assertThat(edge.shell("edge:modules")).doesNotContain("guest");

            put(jars.signed(first), deployed);
            Eventually.seen("guest", () -> edge.shell("edge:modules").contains("guest"), edge::lastLines);

            put(jars.alone("guest", "1.1.0"), deployed);
            Eventually.seen("taken back", () -> outcome().equals("ROLLED_BACK"), edge::lastLines);
            assertThat(operation().path("reason").asText())
                    .startsWith("io.skep.itests.guest/1.1.0 is not signed, and this node takes only what a trusted");
            assertThat(edge.shell("bundle:list -s"))
                    .contains("io.skep.itests.guest")
                    .doesNotContain("1.1.0");
            assertThat(edge.shell("edge:modules")).contains("guest");
        } finally {
            Files.deleteIfExists(deployed);
            edge.shell("config:property-delete -p io.skep.bus.operations trust.certificates");
        }
    }

    @Test
    void jarThatLiesInDeployDoesNotRunAfterARestartThatAsksForASignature() throws IOException {
        Path deployed = edge.folder().resolve("deploy/lodger.jar");
        Path settings = edge.folder().resolve("etc/io.skep.bus.operations.cfg");
        String before = Files.readString(settings);
        put(jars.alone("lodger", "1.0.0"), deployed);
        Eventually.seen("lodger", () -> edge.shell("edge:modules").contains("lodger"), edge::lastLines);
        edge.kill();
        Files.writeString(settings, before + "\ntrust.certificates = " + jars.newSigner() + "\n");
        try {
            edge.launch("edge");
            Eventually.seen(
                    "refusal",
                    () -> edge.log().contains("bundle of deploy/ may not run: bundle=io.skep.itests.lodger/1.0.0"),
                    edge::lastLines);
            // The node works; that it is not ready for a bundle which does not run is said, and over when the jar goes.
            Eventually.seen("linked", edge::linked, edge::lastLines);
            Eventually.seen(
                    "the one reason",
                    () -> edge.readiness().contains("io.skep.itests.lodger/1.0.0 is not resolved")
                            && edge.readiness().contains("[+]modules ok"),
                    edge::readiness);
            assertThat(edge.shell("edge:modules")).doesNotContain("lodger");
            Files.delete(deployed);
            Eventually.seen("ready", edge::ready, edge::readiness);
        } finally {
            Files.deleteIfExists(deployed);
            Files.writeString(settings, before);
        }
    }

    // Whoever may write a file there may run code.
    @Test
    void cloudWatchesNoFolder() {
        assertThat(cloud.folder().resolve("deploy")).doesNotExist();
        assertThat(cloud.folder().resolve("etc/org.apache.felix.fileinstall-deploy.cfg"))
                .doesNotExist();
        assertThat(edge.folder().resolve("deploy")).isDirectory();
    }

    private static void put(Path jar, Path deployed) throws IOException {
        Path beside = Files.copy(jar, deployed.resolveSibling("../guest.new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, deployed, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String number(Path jar) {
        return jar.getFileName().toString().replaceAll(".*-([0-9.]+)\\.jar", "$1");
    }

    private static JsonNode operation() {
        return edge.shellJson("edge:operations --json").get(0).path(0);
    }

    private static String outcome() {
        return operation().path("outcome").asText();
    }

    /** The bundle of MetaManager. */
    private static String label() {
        return StreamSupport.stream(edge.shellJson("edge:modules --json").get(0).spliterator(), false)
                .filter(m -> m.path("name").asText().equals(META))
                .map(m -> m.path("bundle").asText())
                .findFirst()
                .orElse("");
    }
}
