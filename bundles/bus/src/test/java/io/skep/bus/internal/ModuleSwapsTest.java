package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static io.skep.bus.internal.Eventually.until;
import static io.skep.bus.internal.SwapFixture.NAME;
import static io.skep.bus.internal.SwapFixture.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.skep.bus.internal.seen.Seen;
import io.skep.bus.internal.swap.ModuleSwaps;
import io.skep.bus.internal.swap.SettingChange;
import io.skep.bus.internal.swap.SwapSettings;
import io.skep.core.api.EdgeException;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.operation.SwapOperation.Step;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWiring;

/** Modules replaced in a real framework while messages are sent to them. */
class ModuleSwapsTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private SwapFixture fixture;
    private InMemoryDocumentStore store;
    private EventAdminMessageBus bus;
    private TestFramework framework;
    private ModuleSwaps swaps;
    private Bundle bundle;

    @BeforeEach
    void start() throws Exception {
        fixture = new SwapFixture(folder, 100_000);
        store = fixture.store;
        bus = fixture.bus;
        framework = fixture.framework;
        bundle = fixture.bundle;
        swaps = swaps(LONG);
    }

    private ModuleSwaps swaps(Duration gate) {
        return fixture.swaps(fixture.settings(gate));
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
        fixture.close();
    }

    private State state(String module) {
        return bus.list().stream()
                .filter(m -> m.name().equals(module))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private void send(int from, int to) {
        IntStream.range(from, to)
                .forEach(i ->
                        assertThat(bus.send("m", message("r/" + i)).taken()).isTrue());
    }

    private static List<String> resources(int count) {
        return IntStream.range(0, count).mapToObj(i -> "r/" + i).toList();
    }

    private SwapOperation upgradeUnderTraffic(Path jar) throws Exception {
        send(0, 100);
        CompletionStage<SwapOperation> stage = swaps.upgrade("m", jar.toString(), false);
        int sent = 100;
        // Below the mailbox's bound: a hanging start holds all of them back.
        while (!stage.toCompletableFuture().isDone()) {
            if (sent < 50_000) {
                send(sent, ++sent);
            }
            if (sent % 50 == 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
        send(sent, sent + 100);
        int all = sent + 100;
        until("all messages treated", () -> Seen.MESSAGES.size() >= all);
        assertThat(Seen.MESSAGES).isEqualTo(resources(all));
        return end(stage);
    }

    @Test
    void upgradePutsTheNewVersionInPlaceAndLosesNothing() throws Exception {
        SwapOperation operation = upgradeUnderTraffic(framework.jar(NAME, "1.1.0", "nothing wrong"));

        assertThat(operation.outcome()).as(operation.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(operation.fromBundle()).isEqualTo(NAME + "/1.0.0");
        assertThat(operation.toBundle()).isEqualTo(NAME + "/1.1.0");
        assertThat(operation.checksum()).hasSize(64);
        assertThat(operation.steps())
                .extracting(Step::name)
                .containsExactly("check", "snapshot", "swap", "drain", "update", "start", "gate");
        assertThat(bundle.getVersion()).hasToString("1.1.0");
        assertThat(Seen.STARTS).hasSize(2).last().asString().matches("1.1.0 \\d+");
    }

    // A module's development loop: the version stays, the content changes.
    @Test
    void sameVersionIsTakenToo() throws Exception {
        assertThat(end(swaps.upgrade(
                                "m", framework.jar(NAME, "1.0.0", "still well").toString(), false))
                        .outcome())
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(bundle.getHeaders().get("Test-Does")).isEqualTo("still well");
    }

    @ParameterizedTest
    @CsvSource({
        "fail in activator, no luck",
        "throw in start, bad start",
        "hang in start, start of the module did not return within 2 s",
        "hang after start, the module did not answer within 2 s",
        "be unhealthy, Sick it hurts",
        "register nothing, the bundle did not register the module within 2 s"
    })
    void badVersionIsRolledBackWithTheSameHandoverAndNothingIsLost(String does, String reason) throws Exception {
        swaps.close();
        swaps = swaps(SHORT);

        SwapOperation operation = upgradeUnderTraffic(framework.jar(NAME, "1.1.0", does));

        assertThat(operation.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(operation.reason()).contains(reason);
        assertThat(bundle.getVersion()).hasToString("1.0.0");
        assertThat(state("m")).isEqualTo(State.ACTIVE);
        List<String> tried = Seen.STARTS.stream()
                .filter(s -> s.startsWith("1.1.0"))
                .map(s -> s.substring(6))
                .toList();
        String given = Seen.STARTS.get(Seen.STARTS.size() - 1).substring(6);
        assertThat(tried).allMatch(given::equals);
        assertThat(swaps.list().get(0)).isEqualTo(operation);
    }

    @Test
    void bundleThatCannotResolveIsRefusedBeforeAnythingIsStopped() throws Exception {
        Path jar = framework.jar(
                NAME,
                "1.1.0",
                "nothing wrong",
                "m",
                ",no.such.package;version=\"[1.2,2)\",may.be;resolution:=optional",
                "");

        SwapOperation operation = end(swaps.upgrade("m", jar.toString(), false));

        assertThat(operation.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(operation.reason())
                .isEqualTo(NAME + "/1.1.0 can't be resolved: nothing here provides package no.such.package in version"
                        + " [1.2,2)");
        assertThat(Seen.STARTS).hasSize(1);
    }

    @Test
    void otherBundlesFileIsRefused() throws Exception {
        assertRefused(framework.jar("test.other", "2.0.0", ""), "the file is the bundle test.other, not test.mod");
    }

    @Test
    void lowerVersionIsRefusedUnlessForced() throws Exception {
        Path lower = framework.jar(NAME, "0.9.0", "");

        assertRefused(lower, "version 0.9.0 is lower than the present 1.0.0: use --force");
        assertThat(end(swaps.upgrade("m", lower.toString(), true)).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(bundle.getVersion()).hasToString("0.9.0");
    }

    @Test
    void whatIsNoBundleIsRefused() throws Exception {
        assertRefused(Files.writeString(folder.resolve("text.jar"), "no zip"), "the file is no bundle");
        assertRefused(folder.resolve("none.jar"), "there is no file");
        assertRefused(Path.of("relative.jar"), "the path must be absolute");
        assertRefused(framework.jar(NAME, "1.1.0", "", "m", "", "../../out"), "leads out of it");
    }

    @Test
    void fileBeyondTheLimitIsRefused() throws Exception {
        swaps.close();
        SwapSettings small = new SwapSettings(folder.resolve("operations"), LONG, 10, 10, 100, Optional.empty());
        swaps = fixture.swaps(small);

        assertRefused(framework.jar(NAME, "1.1.0", ""), "is larger than the 0 MiB allowed");
    }

    // The kernel itself says that the disk is full, whoever runs the test.
    @ParameterizedTest
    @ValueSource(strings = {"new.jar", "old.jar.part"})
    void fullDiskRefusesTheUpgradeAndTheModuleGoesOn(String file) throws Exception {
        swaps.close();
        Path operations = folder.resolve("operations");
        SwapSettings settings = new SwapSettings(operations, LONG);
        swaps = new ModuleSwaps(
                framework.context(),
                bus,
                bus,
                store,
                settings,
                InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
        Path full = Files.createDirectories(operations.resolve("20260102-030405-000"))
                .resolve(file);
        Files.createSymbolicLink(full, Path.of("/dev/full"));

        assertRefused(framework.jar(NAME, "1.1.0", ""), "No space left on device");

        send(0, 10);
        until("treated", () -> Seen.MESSAGES.equals(resources(10)));
        assertThat(operations.resolve("20260102-030405-000")).doesNotExist();
        assertThat(end(swaps.upgrade("m", framework.jar(NAME, "1.1.0", "").toString(), false))
                        .outcome())
                .isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void removalFailsWhoWaitsForTheModuleAtOnce() throws Exception {
        CompletableFuture<Throwable> waiting = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> bus.sendSync("m", message("r/0"), Duration.ofMinutes(5))));
        until("in work", () -> Seen.MESSAGES.size() == 1);

        assertThat(end(swaps.remove("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);

        assertThat(waiting.get(60, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        EdgeException.class,
                        e -> assertThat(e.reason()).isEqualTo(EdgeException.Reason.SERVICE_UNAVAILABLE));
    }

    // A refresh stops whatever is wired to what is refreshed; of one storm of them nobody knows the end.
    @Test
    void upgradeAndRollBackLeaveTheWiringsOfAllOtherBundlesAlone() throws Exception {
        swaps.close();
        swaps = swaps(SHORT);
        framework.start(framework.library("test.lib", "1.0.0", "lib.api;version=1.0.0"));
        framework.start(framework.jar("test.n", "1.0.0", "", "n", ",lib.api", ""));
        Map<Bundle, BundleWiring> before = wirings();

        assertThat(end(swaps.upgrade(
                                "m",
                                framework
                                        .jar(NAME, "1.1.0", "", "m", ",lib.api", "")
                                        .toString(),
                                false))
                        .outcome())
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(end(swaps.upgrade(
                                "m",
                                framework.jar(NAME, "1.2.0", "throw in start").toString(),
                                false))
                        .outcome())
                .isEqualTo(Outcome.ROLLED_BACK);
        assertThat(end(swaps.rollback("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);

        assertThat(wirings()).hasSize(3).isEqualTo(before);
    }

    /** Wirings have no equality but their own identity. */
    private Map<Bundle, BundleWiring> wirings() {
        return Arrays.stream(framework.context().getBundles())
                .filter(b -> !b.equals(bundle))
                .collect(Collectors.toMap(b -> b, b -> b.adapt(BundleWiring.class)));
    }

    private void assertRefused(Path jar, String reason) throws Exception {
        SwapOperation operation = end(swaps.upgrade("m", jar.toString(), false));

        assertThat(operation.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(operation.reason()).contains(reason);
        assertThat(Seen.STARTS).hasSize(1);
    }

    @Test
    void unknownModuleAndThePlatformAreRefused() throws Exception {
        assertThat(end(swaps.upgrade("nobody", "/x.jar", false)).reason()).contains("there is no module nobody");
        assertThat(end(swaps.upgrade("bus", "/x.jar", false)).reason()).contains("part of the platform");
    }

    @Test
    void secondOperationOnTheSameModuleIsRefused() throws Exception {
        swaps.close();
        swaps = swaps(SHORT);
        CompletionStage<SwapOperation> first =
                swaps.upgrade("m", framework.jar(NAME, "1.1.0", "be unhealthy").toString(), false);
        SwapOperation second =
                end(swaps.upgrade("m", framework.jar(NAME, "1.2.0", "").toString(), false));

        assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(second.reason()).isEqualTo("another operation on m is under way");
        assertThat(end(first).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(end(swaps.upgrade("m", framework.jar(NAME, "1.2.0", "").toString(), false))
                        .outcome())
                .isEqualTo(Outcome.SUCCEEDED);
    }

    // Whoever updates a bundle waits at the gate of his own module, not at that of another.
    @Test
    void updateByOthersDoesNotWaitForTheOperationOnAnotherModule() throws Exception {
        Bundle other = framework.start(framework.jar("test.n", "1.0.0", "", "n", "", ""));
        supervised(SHORT);
        Path kept = folder.resolve("present").resolve(other.getBundleId() + "/old.jar");
        until("kept aside", () -> Files.exists(kept));
        CompletionStage<SwapOperation> first =
                swaps.upgrade("m", framework.jar(NAME, "1.1.0", "be unhealthy").toString(), false);
        until("under way", () -> bundle.getVersion().toString().equals("1.1.0"));

        try (InputStream in = Files.newInputStream(framework.jar("test.n", "1.1.0", "", "n", "", ""))) {
            other.update(in);
        }
        until(
                "ended",
                () -> swaps.list().stream().anyMatch(o -> o.module().equals("n") && o.outcome() == Outcome.SUCCEEDED));

        assertThat(first.toCompletableFuture()).isNotDone();
        assertThat(end(first).outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void rollbackBringsTheFormerVersionBackAndCanItselfBeUndone() throws Exception {
        end(swaps.upgrade("m", framework.jar(NAME, "1.1.0", "").toString(), false));

        SwapOperation back = end(swaps.rollback("m"));

        assertThat(back.outcome()).as(back.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(bundle.getVersion()).hasToString("1.0.0");
        assertThat(end(swaps.rollback("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(bundle.getVersion()).hasToString("1.1.0");
    }

    @Test
    void rollbackWithoutAChangeIsRefused() throws Exception {
        assertThat(end(swaps.rollback("m")).reason()).contains("there is nothing to go back to for m");
    }

    @Test
    void removedModuleIsGoneWithItsMailboxAndComesBackByRollback() throws Exception {
        assertThat(end(swaps.remove("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(bus.send("m", message("r/1")).taken()).isFalse();
        assertThat(bus.list()).isEmpty();

        SwapOperation back = end(swaps.rollback("m"));

        assertThat(back.outcome()).as(back.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(bus.send("m", message("r/2")).taken()).isTrue();
        until("treated", () -> Seen.MESSAGES.equals(List.of("r/2")));
    }

    @Test
    void installBringsANewModuleAndABadOneIsTakenAway() throws Exception {
        swaps.close();
        swaps = swaps(SHORT);
        Path bad = framework.jar("test.n", "1.0.0", "be unhealthy", "n", "", "");
        Path good = framework.jar("test.n", "1.0.0", "", "n", "", "");
        int before = framework.context().getBundles().length;

        assertThat(end(swaps.install(bad.toString())).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(framework.context().getBundles()).hasSize(before);
        // The node must not wait for a module that nobody has.
        assertThat(bus.list()).extracting(ModuleStatus::name).containsExactly("m");
        SwapOperation installed = end(swaps.install(good.toString()));

        assertThat(installed.outcome()).as(installed.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(installed.module()).isEqualTo("n");
        assertThat(state("n")).isEqualTo(State.ACTIVE);
        assertThat(end(swaps.install(good.toString())).reason()).contains("use edge:module-upgrade");
    }

    @Test
    void updateByOthersGoesThroughTheSameGateAndCanBeUndone() throws Exception {
        supervised(LONG);

        update(framework.jar(NAME, "1.1.0", "nothing wrong"));

        SwapOperation seen = seen();
        assertThat(seen.outcome()).as(seen.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(seen.fromBundle()).isEqualTo(NAME + "/1.0.0");
        assertThat(seen.toBundle()).isEqualTo(NAME + "/1.1.0");
        assertThat(end(swaps.rollback("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(bundle.getVersion()).hasToString("1.0.0");
    }

    // Whoever drops a bad jar into deploy/ must find the former module at work, as with edge:module-upgrade.
    @ParameterizedTest
    @CsvSource({
        "fail in activator, the bundle did not register the module within 2 s",
        "throw in start, bad start",
        "be unhealthy, Sick it hurts"
    })
    void badUpdateByOthersIsTakenBackWithTheSameHandoverAndNothingIsLost(String does, String reason) throws Exception {
        supervised(SHORT);
        send(0, 100);

        update(framework.jar(NAME, "1.1.0", does));
        send(100, 200);

        SwapOperation seen = seen();
        assertThat(seen.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(seen.reason()).contains(reason);
        assertThat(bundle.getVersion()).hasToString("1.0.0");
        until("all messages treated", () -> Seen.MESSAGES.size() == 200);
        assertThat(Seen.MESSAGES).isEqualTo(resources(200));
        assertThat(state("m")).isEqualTo(State.ACTIVE);
    }

    @Test
    void updateOfABundleThatWasStoppedForGoodIsLeftAlone() throws Exception {
        supervised(SHORT);
        bundle.stop();

        update(framework.jar(NAME, "1.1.0", "nothing wrong"));

        assertThat(swaps.list()).isEmpty();
        bundle.start();
        until("active", () -> state("m") == State.ACTIVE);
    }

    @Test
    void settingWithWhichAModuleIsUnhealthyIsTakenBackWithTheSameHandoverAndNothingIsLost() throws Exception {
        swaps.close();
        swaps = swaps(SHORT);
        send(0, 100);
        until("treated", () -> Seen.MESSAGES.size() == 100);

        assertThat(swaps.configure("m", new Reconfigured("be unhealthy"))).isTrue();
        send(100, 150);

        SwapOperation seen = seen();
        assertThat(seen.kind()).isEqualTo(Kind.CONFIGURE);
        assertThat(seen.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(seen.reason()).contains("mood: well -> ill refused: ").contains("Sick it hurts");
        until("all messages treated", () -> Seen.MESSAGES.size() == 150);
        assertThat(Seen.MESSAGES).isEqualTo(resources(150));
        // The old instance goes on until it is taken away; what it left then goes to both successors.
        assertThat(Seen.STARTS).hasSize(3);
        assertThat(Seen.STARTS.get(2).replace("1.2.0 ", ""))
                .isEqualTo(Seen.STARTS.get(1).replace("1.1.0 ", ""));
    }

    /** A module that does something else after a change of its settings; here that takes another bundle. */
    private final class Reconfigured implements SettingChange {
        private Path next;

        Reconfigured(String does) throws IOException {
            next = framework.jar(NAME, "1.1.0", does);
        }

        @Override
        public String what() {
            return "mood: well -> ill";
        }

        @Override
        public Optional<String> await(Duration limit, BooleanSupplier abort) {
            try (InputStream in = Files.newInputStream(next)) {
                bundle.update(in);
            } catch (IOException | BundleException e) {
                return Optional.of(e.toString());
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> failure() {
            return Optional.empty();
        }

        @Override
        public void accept() {}

        @Override
        public void restore() throws IOException {
            next = framework.jar(NAME, "1.2.0", "nothing wrong");
        }
    }

    // A jar taken out of deploy/, or a feature's new bundle at another address: what is sent waits for the next one.
    @Test
    void bundleThatOthersUninstallIsListedAndItsMessagesWaitForTheNextOne() throws Exception {
        supervised(LONG);
        send(0, 100);
        until("treated", () -> Seen.MESSAGES.size() == 100);

        bundle.uninstall();
        send(100, 150);

        SwapOperation seen = seen();
        assertThat(seen.kind()).isEqualTo(Kind.REMOVE);
        assertThat(seen.fromBundle()).isEqualTo(NAME + "/1.0.0");
        assertThat(end(swaps.rollback("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);
        until("all messages treated", () -> Seen.MESSAGES.size() == 150);
        assertThat(Seen.MESSAGES).isEqualTo(resources(150));
        assertThat(Seen.STARTS).contains("1.0.0 100");
    }

    @Test
    void anotherBundleOfAModuleGoesOnWithHandoverAndMailboxOfTheUninstalledOne() throws Exception {
        supervised(LONG);
        send(0, 100);
        until("treated", () -> Seen.MESSAGES.size() == 100);

        bundle.uninstall();
        send(100, 150);
        framework.start(framework.jar("test.renamed", "2.0.0", ""));

        until("all messages treated", () -> Seen.MESSAGES.size() == 150);
        assertThat(Seen.MESSAGES).isEqualTo(resources(150));
        assertThat(Seen.STARTS).contains("2.0.0 100");
    }

    private void supervised(Duration gate) {
        swaps.close();
        swaps = swaps(gate);
        swaps.open();
        Path kept = folder.resolve("present").resolve(bundle.getBundleId() + "/old.jar");
        until("kept aside", () -> Files.exists(kept) && kept.toFile().lastModified() == bundle.getLastModified());
    }

    private void update(Path jar) throws Exception {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        } catch (BundleException e) {
            // One that fails to start is told to whoever updates it, and to the gate.
            assertThat(e.getType()).isEqualTo(BundleException.ACTIVATOR_ERROR);
        }
    }

    private SwapOperation seen() {
        until("operation ended", () -> swaps.list().stream().anyMatch(o -> o.outcome() != Outcome.RUNNING));
        return swaps.list().get(0);
    }

    @Test
    void onlySoManyOperationsAndSnapshotsAreKept() throws Exception {
        swaps.close();
        Path operations = folder.resolve("operations");
        SwapSettings few = new SwapSettings(operations, LONG, 3, 2, 1 << 20, Optional.empty());
        swaps = fixture.swaps(few);

        for (int i = 1; i <= 5; i++) {
            end(swaps.upgrade("m", framework.jar(NAME, "1.1." + i, "").toString(), false));
        }

        assertThat(swaps.list()).hasSize(3).allMatch(o -> o.kind() == Kind.UPGRADE);
        try (var folders = Files.list(operations)) {
            assertThat(folders).hasSize(2);
        }
    }
}
