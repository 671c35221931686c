package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static io.skep.bus.internal.Eventually.until;
import static io.skep.bus.internal.SwapFixture.NAME;
import static io.skep.bus.internal.SwapFixture.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.skep.bus.internal.seen.Seen;
import io.skep.bus.internal.swap.SwapSettings;
import io.skep.core.api.EdgeException;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.operation.SwapOperation.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Modules replaced in a real framework while messages are sent to them. */
class ModuleSwapsTest extends SwapTest {

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
