package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static io.skep.bus.internal.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.swap.ModuleSwaps;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** What tests of operations on the module {@code m} share: a {@link SwapFixture}, operations on it, and messages to it. */
abstract class SwapTest {

    static final Gate LONG = new Gate(Duration.ofSeconds(30));
    static final Gate SHORT = new Gate(Duration.ofSeconds(2));

    @TempDir
    Path folder;

    SwapFixture fixture;
    InMemoryDocumentStore store;
    EventAdminMessageBus bus;
    TestFramework framework;
    ModuleSwaps swaps;
    Bundle bundle;

    @BeforeEach
    void start() throws Exception {
        fixture = new SwapFixture(folder, 100_000);
        store = fixture.store;
        bus = fixture.bus;
        framework = fixture.framework;
        bundle = fixture.bundle;
        swaps = swaps(LONG);
    }

    ModuleSwaps swaps(Gate gate) {
        return fixture.swaps(fixture.settings(gate));
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
        fixture.close();
    }

    State state(String module) {
        return bus.list().stream()
                .filter(m -> m.name().equals(module))
                .findFirst()
                .orElseThrow()
                .state();
    }

    void send(int from, int to) {
        IntStream.range(from, to)
                .forEach(i ->
                        assertThat(bus.send("m", message("r/" + i)).taken()).isTrue());
    }

    static List<String> resources(int count) {
        return IntStream.range(0, count).mapToObj(i -> "r/" + i).toList();
    }

    void update(Path jar) throws Exception {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        } catch (BundleException e) {
            // One that fails to start is told to whoever updates it, and to the gate.
            assertThat(e.getType()).isEqualTo(BundleException.ACTIVATOR_ERROR);
        }
    }

    SwapOperation seen() {
        until("operation ended", () -> swaps.list().stream().anyMatch(o -> o.outcome() != Outcome.RUNNING));
        return swaps.list().get(0);
    }
}
