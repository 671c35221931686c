package io.skep.bus.internal;

import io.skep.bus.internal.host.ModuleService;
import io.skep.core.api.module.EdgeModule;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a module's service says of itself. */
final class ModuleServices {

    private static final Logger LOG = LoggerFactory.getLogger(ModuleServices.class);

    private ModuleServices() {}

    /** The service; empty, and told to the operator, when its name is of no use. */
    static Optional<ModuleService> read(ServiceReference<EdgeModule> reference, EdgeModule module) {
        Object name = reference.getProperty(EdgeModule.NAME);
        Object group = reference.getProperty(EdgeModule.GROUP);
        Bundle bundle = reference.getBundle();
        String provider = bundle == null ? "" : bundle.getSymbolicName() + "/" + bundle.getVersion();
        Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
        if (!(name instanceof String given) || !Names.isValid(given)) {
            LOG.error("module has no usable module.name, ignored: bundle={} name={}", provider, name);
            return Optional.empty();
        }
        return Optional.of(new ModuleService(
                id(reference),
                given,
                group instanceof String own && Names.isValid(own) ? own : given,
                ranking instanceof Integer number ? number : 0,
                provider,
                module));
    }

    /** What the framework calls a service. */
    static long id(ServiceReference<?> reference) {
        return (Long) reference.getProperty(Constants.SERVICE_ID);
    }
}
