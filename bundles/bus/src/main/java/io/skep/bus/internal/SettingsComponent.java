package io.skep.bus.internal;

import io.skep.bus.internal.settings.Settings;
import io.skep.bus.internal.swap.SettingSupervisor;
import java.io.IOException;
import org.apache.felix.utils.properties.InterpolationHelper.BundleContextSubstitutionCallback;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Looks after {@link Settings}.
 *
 * <p>It has no settings, and needs nothing that has: a bad value of the bus itself must not take the way back with it. It
 * is an immediate component: the last good values are those before a change.
 */
@Component(immediate = true)
public final class SettingsComponent implements SynchronousConfigurationListener {

    private final Settings settings;

    /** Made by DS. */
    @Activate
    public SettingsComponent(
            BundleContext context, @Reference ConfigurationAdmin admin, @Reference ServiceComponentRuntime runtime)
            throws IOException, InvalidSyntaxException {
        settings = new Settings(context, admin, runtime, new BundleContextSubstitutionCallback(context)::getValue);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSupervisor(SettingSupervisor supervisor) {
        settings.supervisor(supervisor);
    }

    void unbindSupervisor(SettingSupervisor supervisor) {
        settings.supervisor((module, change) -> false);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        settings.changed(event);
    }

    @Deactivate
    void close() {
        settings.close();
    }
}
