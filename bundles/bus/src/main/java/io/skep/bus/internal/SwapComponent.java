package io.skep.bus.internal;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.host.SwapHost;
import io.skep.bus.internal.swap.ModuleSwaps;
import io.skep.bus.internal.swap.SettingChange;
import io.skep.bus.internal.swap.SettingSupervisor;
import io.skep.bus.internal.swap.SwapSettings;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.PackageSource;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.store.DocumentStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The {@link ModuleOperations} of this process; there once there is a store to remember them.
 *
 * <p>It is an immediate component: what a killed process left unfinished is to be ended even if nobody asks.
 */
@Component(configurationPid = BusConfig.PID, immediate = true)
public final class SwapComponent implements ModuleOperations, SettingSupervisor {

    private final ModuleSwaps swaps;

    /** Made by DS. */
    @Activate
    public SwapComponent(
            BundleContext context,
            @Reference MessageBus bus,
            @Reference SwapHost host,
            @Reference DocumentStore store,
            @Reference OperationsPolicy policy,
            BusConfig config) {
        SwapSettings settings = new SwapSettings(
                        BusSettings.folder(context).resolve("operations"),
                        new Gate(Duration.ofSeconds(BusSettings.atLeast(1, "gate.seconds", config.gate_seconds()))))
                .withSigners(policy.signers());
        swaps = new ModuleSwaps(context, bus, host, store, settings, InstantSource.system());
        swaps.open();
    }

    @Deactivate
    void close() {
        swaps.close();
    }

    @Override
    public CompletionStage<SwapOperation> upgrade(String module, PackageSource source, boolean force) {
        return swaps.upgrade(module, source, force);
    }

    @Override
    public CompletionStage<SwapOperation> install(PackageSource source) {
        return swaps.install(source);
    }

    @Override
    public CompletionStage<SwapOperation> remove(String module) {
        return swaps.remove(module);
    }

    @Override
    public CompletionStage<SwapOperation> rollback(String module) {
        return swaps.rollback(module);
    }

    @Override
    public boolean supervise(String module, SettingChange change) {
        return swaps.configure(module, change);
    }

    @Override
    public List<SwapOperation> list() {
        return swaps.list();
    }
}
