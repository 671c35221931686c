package io.skep.bus.internal;

import static io.skep.bus.internal.Eventually.until;
import static io.skep.bus.internal.SwapFixture.NAME;
import static io.skep.bus.internal.SwapFixture.end;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.seen.Seen;
import io.skep.bus.internal.swap.ModuleSwaps;
import io.skep.bus.internal.swap.SwapSettings;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations that are refused before anything is stopped. */
class RefusedSwapsTest extends SwapTest {

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
        ManualGate gate = new ManualGate();
        swaps.close();
        swaps = swaps(gate.gate());
        CompletionStage<SwapOperation> first =
                swaps.upgrade("m", framework.jar(NAME, "1.1.0", "be unhealthy").toString(), false);
        SwapOperation second =
                end(swaps.upgrade("m", framework.jar(NAME, "1.2.0", "").toString(), false));

        assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(second.reason()).isEqualTo("another operation on m is under way");
        gate.fail(first.toCompletableFuture());
        assertThat(end(first).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(end(swaps.upgrade("m", framework.jar(NAME, "1.2.0", "").toString(), false))
                        .outcome())
                .isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void rollbackWithoutAChangeIsRefused() throws Exception {
        assertThat(end(swaps.rollback("m")).reason()).contains("there is nothing to go back to for m");
    }
}
