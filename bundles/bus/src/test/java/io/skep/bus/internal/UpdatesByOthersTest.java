package io.skep.bus.internal;

import static io.skep.bus.internal.Eventually.until;
import static io.skep.bus.internal.SwapFixture.NAME;
import static io.skep.bus.internal.SwapFixture.end;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.seen.Seen;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;

/** Modules that somebody else updates or uninstalls in a real framework, under supervision. */
class UpdatesByOthersTest extends SwapTest {

    // Whoever updates a bundle waits at the gate of his own module, not at that of another.
    @Test
    void updateByOthersDoesNotWaitForTheOperationOnAnotherModule() throws Exception {
        Bundle other = framework.start(framework.jar("test.n", "1.0.0", "", "n", "", ""));
        ManualGate gate = new ManualGate();
        supervised(gate.gate());
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
        gate.fail(first.toCompletableFuture());
        assertThat(end(first).outcome()).isEqualTo(Outcome.ROLLED_BACK);
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

    private void supervised(Gate gate) {
        swaps.close();
        swaps = swaps(gate);
        swaps.open();
        Path kept = folder.resolve("present").resolve(bundle.getBundleId() + "/old.jar");
        until("kept aside", () -> Files.exists(kept) && kept.toFile().lastModified() == bundle.getLastModified());
    }
}
