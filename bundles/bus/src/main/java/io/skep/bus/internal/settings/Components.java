package io.skep.bus.internal.settings;

import io.skep.core.api.module.EdgeModule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The components that a configuration is for, as the component runtime sees them now. */
final class Components {

    private static final String CAUSE = "Caused by: ";

    private final ServiceComponentRuntime runtime;
    private final BundleContext context;

    /** One start of a component: each registers a service of another id; what offers no service has its own. */
    record Start(boolean service, long id) {}

    Components(ServiceComponentRuntime runtime, BundleContext context) {
        this.runtime = runtime;
        this.context = context;
    }

    /** The module a configuration is for, if it is for one. */
    Optional<String> module(String pid) {
        return descriptions(pid)
                .map(d -> d.properties.get(EdgeModule.NAME))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .findFirst();
    }

    private Stream<ComponentDescriptionDTO> descriptions(String pid) {
        return runtime.getComponentDescriptionDTOs().stream()
                .filter(d -> Arrays.asList(d.configurationPid).contains(pid));
    }

    private List<ComponentConfigurationDTO> configurations(String pid) {
        return descriptions(pid)
                .flatMap(d -> runtime.getComponentConfigurationDTOs(d).stream())
                .toList();
    }

    /**
     * What runs with a configuration, or is being started with it; not what waits for somebody to ask for its service. One
     * that stops counts as active to its end, but has taken its service back by then. What takes new values as it runs does
     * not start with them, and is not here.
     */
    Set<Start> running(String pid) {
        return configurations(pid).stream()
                .filter(c -> c.description.modified == null)
                .filter(c -> c.state == ComponentConfigurationDTO.ACTIVE)
                .filter(c -> c.service != null || c.description.serviceInterfaces.length == 0)
                .map(c -> c.service == null ? new Start(false, c.id) : new Start(true, c.service.id))
                .collect(Collectors.toSet());
    }

    /**
     * Whether its service can be had, which is known once the start is over: waits for that, as long as the component runtime
     * does. True of what offers none.
     */
    boolean serves(Start start) {
        return !start.service() || references(start.id()).anyMatch(this::isThere);
    }

    private Stream<ServiceReference<?>> references(long id) {
        try {
            return Stream.ofNullable(context.getAllServiceReferences(null, "(" + Constants.SERVICE_ID + "=" + id + ")"))
                    .flatMap(Arrays::stream);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isThere(ServiceReference<?> service) {
        boolean there = context.getService(service) != null;
        if (there) {
            context.ungetService(service);
        }
        return there;
    }

    /** Why one of them could not start, in one line. */
    Optional<String> failure(String pid) {
        return failed(pid)
                .map(c -> c.failure == null ? "it failed to start" : innermost(c.failure))
                .findFirst();
    }

    private Stream<ComponentConfigurationDTO> failed(String pid) {
        return configurations(pid).stream().filter(c -> c.state == ComponentConfigurationDTO.FAILED_ACTIVATION);
    }

    /** Whether one that could not start has the values already, and no longer those they replace. */
    boolean failedWith(String pid, Values values, Values replaced) {
        return failed(pid).anyMatch(c -> values.areIn(c.properties, replaced));
    }

    // A failure is a stack trace; what an operator wants to read is the message of its first cause.
    private static String innermost(String trace) {
        return trace.lines()
                .filter(l -> l.startsWith(CAUSE))
                .reduce((former, latter) -> latter)
                .map(l -> l.substring(CAUSE.length()))
                .orElseGet(() -> trace.lines().findFirst().orElse(""))
                .replaceFirst("^([\\w.$]+(Exception|Error): )+", "");
    }
}
