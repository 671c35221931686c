package io.skep.bus.internal;

import static io.skep.bus.internal.Eventually.until;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.seen.Seen;
import io.skep.bus.internal.swap.ModuleSwaps;
import io.skep.bus.internal.swap.SwapSettings;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;

/** A bus in a framework where the module {@code m} of the bundle {@link #NAME} 1.0.0 is at work, to be operated on. */
final class SwapFixture {

    static final String NAME = "test.mod";
    static final String LIBRARY = "mvn:test/lib/2.0.0";
    static final String NEEDS_LIBRARY = ",lib.api;version=\"[2,3)\"";

    final InMemoryDocumentStore store = new InMemoryDocumentStore();
    final EventAdminMessageBus bus;
    final TestFramework framework;
    final Bundle bundle;
    private final Path folder;
    private final BusFixture buses;

    /** @param size messages a mailbox holds */
    SwapFixture(Path folder, int size) throws Exception {
        Seen.clear();
        this.folder = folder;
        buses = new BusFixture(BusFixture.limits(size, 0), Duration.ofMillis(500));
        bus = buses.bus;
        framework = new TestFramework(folder, bus);
        bundle = framework.start(framework.jar(NAME, "1.0.0", "nothing wrong"));
        until("active", () -> isActive("m"));
    }

    SwapSettings settings(Gate gate) {
        return new SwapSettings(folder.resolve("operations"), gate);
    }

    /** Operations on the modules here; whoever made them closes them. */
    ModuleSwaps swaps(SwapSettings settings) {
        return new ModuleSwaps(framework.context(), bus, bus, store, settings, InstantSource.system());
    }

    boolean isActive(String module) {
        return bus.list().stream().anyMatch(m -> m.name().equals(module) && m.state() == State.ACTIVE);
    }

    static SwapOperation end(CompletionStage<SwapOperation> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    Path library() throws Exception {
        return framework.library("test.lib", "2.0.0", "lib.api;version=2.0.0");
    }

    /** An archive of a module's bundle and {@link #LIBRARY}, which it needs. */
    Path archive(String address, Path module) throws Exception {
        return framework.kar(TestFramework.features(LIBRARY, address), Map.of(LIBRARY, library(), address, module));
    }

    void close() throws Exception {
        buses.close();
        framework.close();
    }
}
