package io.skep.bus.internal;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.swap.DeployGuard;
import io.skep.bus.internal.swap.SwapSettings;
import java.time.Duration;
import java.time.InstantSource;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The {@link DeployGuard} of this process; it waits for nothing but the policy, so that it is there before what it guards. */
@Component(service = DeployGuardComponent.class, immediate = true)
public final class DeployGuardComponent {

    private final DeployGuard guard;

    /** Made by DS. */
    @Activate
    public DeployGuardComponent(BundleContext context, @Reference OperationsPolicy policy) {
        SwapSettings settings = new SwapSettings(
                        BusSettings.folder(context).resolve("operations"), new Gate(Duration.ZERO))
                .withSigners(policy.signers());
        guard = new DeployGuard(context, settings, InstantSource.system());
        guard.open();
    }

    @Deactivate
    void close() {
        guard.close();
    }
}
