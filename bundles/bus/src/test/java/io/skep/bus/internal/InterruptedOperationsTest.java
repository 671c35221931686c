package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static io.skep.bus.internal.Eventually.until;
import static io.skep.bus.internal.SwapFixture.NAME;
import static io.skep.bus.internal.SwapFixture.NEEDS_LIBRARY;
import static io.skep.bus.internal.SwapFixture.end;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.swap.ModuleSwaps;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** Operations that a process left unfinished: the next start has the module as it was, or none of what was to come. */
class InterruptedOperationsTest {

    @TempDir
    Path folder;

    private SwapFixture fixture;
    private InMemoryDocumentStore store;
    private EventAdminMessageBus bus;
    private TestFramework framework;
    private ModuleSwaps swaps;
    private List<String> before;

    @BeforeEach
    void start() throws Exception {
        fixture = new SwapFixture(folder, 1000);
        store = fixture.store;
        bus = fixture.bus;
        framework = fixture.framework;
        swaps = swaps();
        before = bundles();
    }

    private ModuleSwaps swaps() {
        return fixture.swaps(fixture.settings(new Gate(Duration.ofSeconds(30))));
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
        fixture.close();
    }

    private List<String> bundles() {
        return Arrays.stream(framework.context().getBundles())
                .map(b -> b.getSymbolicName() + "/" + b.getVersion())
                .toList();
    }

    private Bundle bundle(String name) {
        return Arrays.stream(framework.context().getBundles())
                .filter(b -> name.equals(b.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    private Path archive(String name, String version, String does, String module) throws Exception {
        return fixture.archive(
                "mvn:test/" + name + "/" + version, framework.module(name, version, does, module, NEEDS_LIBRARY));
    }

    /** Puts the store back to where it was before the operation's end was written down, and starts anew. */
    private SwapOperation afterAKill(CompletionStage<SwapOperation> stage, String... onTrial) throws Exception {
        SwapOperation done = end(stage);
        assertThat(done.outcome()).as(done.reason()).isEqualTo(Outcome.SUCCEEDED);
        asIfKilled(done);
        for (String library : onTrial) {
            store.put("libraries", library, -1, "{}");
        }
        return restarted();
    }

    private void asIfKilled(SwapOperation done) {
        String running = store.get("operations", done.id()).orElseThrow().body().replace("SUCCEEDED", "RUNNING");
        store.put("operations", done.id(), -1, running);
    }

    private SwapOperation restarted() {
        swaps.close();
        swaps = swaps();
        swaps.open();
        until("ended", () -> swaps.list().get(0).outcome() == Outcome.INTERRUPTED);
        until("no library on trial", () -> store.list("libraries", "").isEmpty());
        return swaps.list().get(0);
    }

    @Test
    void upgradeIsUndone() throws Exception {
        SwapOperation ended =
                afterAKill(swaps.upgrade("m", framework.jar(NAME, "1.1.0", "").toString(), false));

        assertThat(ended.reason()).isEqualTo("the process ended in the middle of it; " + NAME + "/1.0.0 is in place");
        assertThat(bundles()).isEqualTo(before);
        until("active", () -> fixture.isActive("m"));
    }

    @Test
    void upgradeWithLibrariesIsUndoneWithThem() throws Exception {
        SwapOperation ended =
                afterAKill(swaps.upgrade("m", archive(NAME, "1.1.0", "", "m").toString(), false), "test.lib/2.0.0");

        assertThat(ended.reason()).contains(NAME + "/1.0.0 is in place");
        assertThat(bundles()).isEqualTo(before);
        until("active", () -> fixture.isActive("m"));
    }

    @Test
    void installationLeavesNeitherModuleNorLibraries() throws Exception {
        SwapOperation ended =
                afterAKill(swaps.install(archive("test.n", "1.0.0", "", "n").toString()), "test.lib/2.0.0");

        assertThat(ended.reason()).isEqualTo("the process ended in the middle of it; nothing of it is left");
        assertThat(bundles()).isEqualTo(before);
    }

    // Between the first library and the module's bundle.
    @Test
    void installationThatHadOnlyComeToItsLibrariesLeavesNone() throws Exception {
        store.put("libraries", "test.lib/2.0.0", -1, "{}");
        try (InputStream library = Files.newInputStream(fixture.library())) {
            framework.context().installBundle("skep-library:test.lib/2.0.0", library);
        }

        swaps.close();
        swaps = swaps();
        swaps.open();

        until("gone", () -> bundles().equals(before));
        until("off the record", () -> store.list("libraries", "").isEmpty());
    }

    @Test
    void snapshotThatIsInPlaceAgainLeavesNoFiles() throws Exception {
        afterAKill(swaps.upgrade("m", framework.jar(NAME, "1.1.0", "").toString(), false));

        until(
                "gone",
                () -> !Files.exists(
                        folder.resolve("operations").resolve(swaps.list().get(0).id())));
    }

    // Whose new content is half written the framework drops whole. Features look for a bundle where it was from.
    @Test
    void bundleThatTheFrameworkHasDroppedIsBackWhereItWas() throws Exception {
        String location = fixture.bundle.getLocation();
        FrameworkStartLevel all = framework.context().getBundle(0).adapt(FrameworkStartLevel.class);
        all.setStartLevel(10);
        until("all levels", () -> all.getStartLevel() == 10);
        fixture.bundle.adapt(BundleStartLevel.class).setStartLevel(7);
        SwapOperation done =
                end(swaps.upgrade("m", framework.jar(NAME, "1.1.0", "").toString(), false));
        assertThat(done.outcome()).as(done.reason()).isEqualTo(Outcome.SUCCEEDED);
        swaps.close();
        fixture.bundle.uninstall();
        asIfKilled(done);

        assertThat(restarted().reason()).contains(NAME + "/1.0.0 is in place");

        assertThat(bundle(NAME).getLocation()).isEqualTo(location);
        assertThat(bundle(NAME).adapt(BundleStartLevel.class).getStartLevel()).isEqualTo(7);
    }

    @Test
    void removalIsUndone() throws Exception {
        String location = fixture.bundle.getLocation();

        SwapOperation ended = afterAKill(swaps.remove("m"));

        assertThat(ended.reason()).contains(NAME + "/1.0.0 is in place");
        assertThat(bundle(NAME).getLocation()).isEqualTo(location);
        assertThat(bundles()).isEqualTo(before);
        until("active", () -> fixture.isActive("m"));
        assertThat(bus.send("m", message("r/1")).taken()).isTrue();
    }

    @Test
    void rollbackOfARemovalIsUndone() throws Exception {
        end(swaps.remove("m"));

        SwapOperation ended = afterAKill(swaps.rollback("m"));

        assertThat(ended.reason()).contains("nothing of it is left");
        assertThat(bundles()).doesNotContain(NAME + "/1.0.0");
        assertThat(end(swaps.rollback("m")).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    // A bus that is updated stops its host in the middle of what is under way.
    @Test
    void operationThatTheHostLeftInTheMiddleIsUndoneByTheNext() throws Exception {
        CompletionStage<SwapOperation> first =
                swaps.install(archive("test.n", "1.0.0", "be unhealthy", "n").toString());
        until("at its gate", () -> fixture.isActive("n"));

        swaps.close();

        assertThat(end(first).outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(swaps.list().get(0).outcome()).isEqualTo(Outcome.RUNNING);
        assertThat(restarted().reason()).contains("nothing of it is left");
        assertThat(bundles()).isEqualTo(before);
    }

    // Until it is through its gate a killed process must not bring it back up by itself.
    @Test
    void newModuleIsStartedWithTheProcessOnlyOnceItIsThroughItsGate() throws Exception {
        CompletionStage<SwapOperation> first = swaps.install(
                framework.jar("test.n", "1.0.0", "be unhealthy", "n", "", "").toString());
        until("at its gate", () -> fixture.isActive("n"));
        assertThat(isStartedWithTheProcess("test.n")).isFalse();
        swaps.close();
        end(first);
        restarted();

        end(swaps.install(framework.jar("test.n", "1.0.0", "", "n", "", "").toString()));

        assertThat(isStartedWithTheProcess("test.n")).isTrue();
    }

    private boolean isStartedWithTheProcess(String name) {
        return bundle(name).adapt(BundleStartLevel.class).isPersistentlyStarted();
    }
}
