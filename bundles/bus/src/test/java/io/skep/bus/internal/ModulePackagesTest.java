package io.skep.bus.internal;

import static io.skep.bus.internal.Eventually.until;
import static io.skep.bus.internal.SwapFixture.LIBRARY;
import static io.skep.bus.internal.SwapFixture.NAME;
import static io.skep.bus.internal.SwapFixture.NEEDS_LIBRARY;
import static io.skep.bus.internal.SwapFixture.end;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.seen.Seen;
import io.skep.bus.internal.swap.ModuleSwaps;
import io.skep.core.api.operation.PackageSource;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** What a module may come in, and what is refused before anything is stopped. */
class ModulePackagesTest {

    private static final String MODULE = "mvn:test/mod/1.1.0";

    @TempDir
    Path folder;

    private final ManualGate gate = new ManualGate();
    private SwapFixture fixture;
    private InMemoryDocumentStore store;
    private EventAdminMessageBus bus;
    private TestFramework framework;
    private ModuleSwaps swaps;
    private Bundle bundle;

    @BeforeEach
    void start() throws Exception {
        fixture = new SwapFixture(folder, 1000);
        store = fixture.store;
        bus = fixture.bus;
        framework = fixture.framework;
        bundle = fixture.bundle;
        swaps = swaps(Optional.empty());
    }

    private ModuleSwaps swaps(Optional<Path> signers) {
        return fixture.swaps(fixture.settings(gate.gate()).withSigners(signers));
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
        fixture.close();
    }

    private SwapOperation upgrade(Path file) throws Exception {
        return end(swaps.upgrade("m", file.toString(), false));
    }

    private List<String> libraries() {
        return Arrays.stream(framework.context().getBundles())
                .filter(b -> "test.lib".equals(b.getSymbolicName()) && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getVersion().toString())
                .toList();
    }

    private void assertRefused(Path file, String... reasons) throws Exception {
        int before = framework.context().getBundles().length;

        SwapOperation operation = upgrade(file);

        assertThat(operation.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(operation.reason()).contains(reasons).doesNotContain("\n");
        assertThat(Seen.STARTS).hasSize(1);
        assertThat(framework.context().getBundles()).hasSize(before);
        assertThat(folder.resolve("operations").resolve(operation.id())).doesNotExist();
    }

    private Path archive(String does) throws Exception {
        return fixture.archive(MODULE, framework.jar(NAME, "1.1.0", does, "m", NEEDS_LIBRARY, ""));
    }

    @Test
    void archiveBringsTheModuleWithItsLibraries() throws Exception {
        SwapOperation operation = upgrade(archive("nothing wrong"));

        assertThat(operation.outcome()).as(operation.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(operation.toBundle()).isEqualTo(NAME + "/1.1.0");
        assertThat(operation.steps())
                .extracting(SwapOperation.Step::name)
                .containsExactly("check", "libraries", "snapshot", "swap", "drain", "update", "start", "gate");
        assertThat(bundle.getVersion()).hasToString("1.1.0");
        assertThat(libraries()).containsExactly("2.0.0");
        assertThat(end(swaps.rollback("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(bundle.getVersion()).hasToString("1.0.0");
        assertThat(end(swaps.rollback("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(bundle.getVersion()).hasToString("1.1.0");
    }

    @Test
    void librariesGoWithAModuleThatIsNoGood() throws Exception {
        int before = framework.context().getBundles().length;

        SwapOperation operation = upgrade(archive("throw in start"));

        assertThat(operation.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(bundle.getVersion()).hasToString("1.0.0");
        assertThat(framework.context().getBundles()).hasSize(before);
    }

    @Test
    void libraryThatIsThereIsLeftAlone() throws Exception {
        framework.start(fixture.library());

        SwapOperation operation = upgrade(archive("nothing wrong"));

        assertThat(operation.outcome()).as(operation.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(operation.steps().get(1).detail()).isEqualTo("installed [], present [test.lib/2.0.0]");
        assertThat(libraries()).containsExactly("2.0.0");
    }

    // Each version of a module may bring another version of its library: they must not pile up.
    @Test
    void onlyTwoUnusedVersionsOfALibraryAreKept() throws Exception {
        for (int i = 1; i <= 5; i++) {
            String module = "mvn:test/mod/1.1." + i;
            String library = "mvn:test/lib/2.0." + i;
            String exact = ",lib.api;version=\"[2.0." + i + ",2.0." + i + "]\"";
            SwapOperation operation = upgrade(framework.kar(
                    TestFramework.features(library, module),
                    Map.of(
                            library,
                            framework.library("test.lib", "2.0." + i, "lib.api;version=2.0." + i),
                            module,
                            framework.jar(NAME, "1.1." + i, "", "m", exact, ""))));
            assertThat(operation.outcome()).as(operation.reason()).isEqualTo(Outcome.SUCCEEDED);
        }

        assertThat(libraries()).hasSizeLessThanOrEqualTo(3).contains("2.0.4", "2.0.5");
    }

    @Test
    void archiveWithANewModuleIsInstalled() throws Exception {
        String module = "mvn:test/n/1.0.0";
        Path jar = framework.module("test.n", "1.0.0", "n", NEEDS_LIBRARY);

        SwapOperation operation = end(swaps.install(framework
                .kar(TestFramework.features(LIBRARY, module), Map.of(LIBRARY, fixture.library(), module, jar))
                .toString()));

        assertThat(operation.outcome()).as(operation.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(operation.module()).isEqualTo("n");
        assertThat(libraries()).containsExactly("2.0.0");
    }

    private Path newcomer(String does) throws Exception {
        return fixture.archive("mvn:test/n/1.0.0", framework.module("test.n", "1.0.0", does, "n", NEEDS_LIBRARY));
    }

    private boolean isPresent(String module) {
        return bus.list().stream().anyMatch(m -> m.name().equals(module));
    }

    // A module that takes long at its gate is nobody else's business, even if both bring the same library.
    @Test
    void archivesOfTwoModulesAreTriedSideBySideAndOneThatFailsLeavesTheOtherItsLibrary() throws Exception {
        CompletionStage<SwapOperation> first =
                swaps.install(newcomer("be unhealthy").toString());
        until("at its gate", () -> isPresent("n"));

        SwapOperation second = upgrade(archive("nothing wrong"));

        assertThat(first.toCompletableFuture()).isNotDone();
        assertThat(second.outcome()).as(second.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(second.steps().get(1).detail()).isEqualTo("installed [], present [test.lib/2.0.0]");
        gate.fail(first.toCompletableFuture());
        assertThat(end(first).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(libraries()).containsExactly("2.0.0");
    }

    @Test
    void libraryOfTwoModulesThatBothFailGoesWithTheLast() throws Exception {
        int before = framework.context().getBundles().length;
        CompletionStage<SwapOperation> first =
                swaps.install(newcomer("be unhealthy").toString());
        until("at its gate", () -> isPresent("n"));

        CompletionStage<SwapOperation> second =
                swaps.upgrade("m", archive("be unhealthy").toString(), false);
        until(
                "at its gate",
                () -> Seen.STARTS.stream().filter(s -> s.startsWith("1.1.0")).count() == 1);
        gate.fail(CompletableFuture.allOf(first.toCompletableFuture(), second.toCompletableFuture()));

        assertThat(end(second).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(end(first).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(framework.context().getBundles()).hasSize(before);
        assertThat(store.list("libraries", "")).isEmpty();
    }

    @Test
    void secondInstallationOfABundleIsRefusedWhileTheFirstIsAtItsGate() throws Exception {
        CompletionStage<SwapOperation> first =
                swaps.install(newcomer("be unhealthy").toString());
        until("at its gate", () -> isPresent("n"));

        SwapOperation second = end(swaps.install(newcomer("nothing wrong").toString()));
        SwapOperation removal = end(swaps.remove("n"));

        assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(second.reason()).isEqualTo("another operation installs the bundle test.n");
        assertThat(removal.reason()).isEqualTo("another operation on n is under way");
        gate.fail(first.toCompletableFuture());
        assertThat(end(first).outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void archiveWhoseBundlesDoNotFitTogetherIsRefused() throws Exception {
        assertRefused(
                framework.kar(
                        TestFramework.features(LIBRARY, MODULE),
                        Map.of(
                                LIBRARY,
                                framework.library("test.lib", "2.0.0", "lib.api;version=1.9.0"),
                                MODULE,
                                framework.jar(NAME, "1.1.0", "", "m", NEEDS_LIBRARY, ""))),
                NAME + "/1.1.0 can't be resolved: nothing here provides package lib.api in version [2,3)");
    }

    @Test
    void archiveOfAnotherModuleIsRefused() throws Exception {
        assertRefused(
                framework.kar(TestFramework.features(LIBRARY), Map.of(LIBRARY, fixture.library())),
                "the file is the bundle test.lib, not test.mod");
    }

    @Test
    void archiveWithASecondModuleIsRefused() throws Exception {
        String other = "mvn:test/n/1.0.0";

        assertRefused(
                framework.kar(
                        TestFramework.features(MODULE, other),
                        Map.of(
                                MODULE,
                                framework.jar(NAME, "1.1.0", ""),
                                other,
                                framework.module("test.n", "1.0.0", "n", ""))),
                "test.n/1.0.0, which is a module itself");
    }

    @Test
    void archiveThatAsksForMoreThanBundlesIsRefused() throws Exception {
        Path jar = framework.jar(NAME, "1.1.0", "");
        String config = TestFramework.features(MODULE).replace("<bundle", "<config name='x'>a=b</config><bundle");

        assertRefused(framework.kar(config, Map.of(MODULE, jar)), "features file has a <config>");
        assertRefused(
                framework.kar(TestFramework.features(MODULE, LIBRARY), Map.of(MODULE, jar)),
                LIBRARY + ", which is not in it");
        assertRefused(
                framework.kar(TestFramework.features("wrap:" + MODULE), Map.of(MODULE, jar)),
                "wrap:" + MODULE + ", which is no mvn:group/artifact/version");
        assertRefused(framework.kar("<other/>", Map.of(MODULE, jar)), "it has no features file");
        assertRefused(
                framework.kar(
                        "<!DOCTYPE f [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + TestFramework.features(MODULE),
                        Map.of(MODULE, jar)),
                "it has no features file");
    }

    @Test
    void archiveThatLeadsOutOfItselfIsRefused() throws Exception {
        Path jar = framework.jar(NAME, "1.1.0", "");

        assertRefused(
                framework.kar(
                        TestFramework.features(MODULE), Map.of(MODULE, jar), "repository/../../evil", new byte[1]),
                "leads out of it");
        assertRefused(
                framework.kar(TestFramework.features(MODULE), Map.of(MODULE, jar), "resources/etc/x.cfg", new byte[1]),
                "it brings files for the installation (resources/etc/x.cfg)");
    }

    @Test
    void archiveThatBurstsIsRefused() throws Exception {
        assertRefused(
                framework.kar(
                        TestFramework.features(MODULE),
                        Map.of(MODULE, framework.jar(NAME, "1.1.0", "")),
                        "repository/zeros",
                        new byte[20 << 20]),
                "it unpacks to more than 16 MiB");
    }

    @Test
    void entryThatIsThereTwiceIsRefused() throws Exception {
        byte[] bytes = Files.readAllBytes(
                framework.jar(NAME, "1.1.0", "", "m", "", "io/skep/bus/internal/mod/ModuleBundle.clasX"));
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        Path twice = folder.resolve("twice.jar");
        Files.write(
                twice,
                text.replace("ModuleBundle.clasX", "ModuleBundle.class")
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

        assertRefused(twice, "ModuleBundle.class\" is there twice");
    }

    @Test
    void checksumThatWasToldMustBeTheFiles() throws Exception {
        Path jar = framework.jar(NAME, "1.1.0", "");
        String right =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));

        SwapOperation wrong = end(swaps.upgrade("m", new PackageSource(jar.toString(), "0".repeat(64)), false));
        SwapOperation noSum = end(swaps.upgrade("m", new PackageSource(jar.toString(), "abc"), false));

        assertThat(wrong.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(wrong.reason())
                .isEqualTo("the file's SHA-256 is " + right + ", not " + "0".repeat(64) + " as was told");
        assertThat(noSum.reason()).isEqualTo("no SHA-256 in hexadecimal: abc");
        SwapOperation told = end(swaps.upgrade("m", new PackageSource(jar.toString(), right.toUpperCase()), false));
        assertThat(told.outcome()).as(told.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(told.checksum()).isEqualTo(right);
    }

    @Test
    void whereSignersAreTrustedEveryBundleMustBeSignedByOne() throws Exception {
        Signing acme = Signing.authority("Acme");
        swaps.close();
        swaps = swaps(Optional.of(acme.trust(folder.resolve("trusted.pem"))));
        Path module = framework.jar(NAME, "1.1.0", "", "m", NEEDS_LIBRARY, "");
        Path library = fixture.library();
        String features = TestFramework.features(LIBRARY, MODULE);

        assertRefused(module, NAME + "/1.1.0 is not signed");
        assertRefused(
                framework.kar(features, Map.of(LIBRARY, library, MODULE, acme.sign(module))),
                "test.lib/2.0.0 is not signed");
        SwapOperation signed =
                upgrade(framework.kar(features, Map.of(LIBRARY, acme.sign(library), MODULE, acme.sign(module))));
        assertThat(signed.outcome()).as(signed.reason()).isEqualTo(Outcome.SUCCEEDED);
        // What was at work before signatures were asked for may come back.
        assertThat(end(swaps.rollback("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);
        // And what was signed is so still when it is put back from its snapshot.
        assertThat(end(swaps.rollback("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
}
