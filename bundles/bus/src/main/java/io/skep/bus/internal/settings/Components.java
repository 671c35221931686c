package io.skep.bus.internal.settings;

import io.skep.core.api.module.EdgeModule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The components that a configuration is for, as the component runtime sees them now. */
final class Components {

    private static final String CAUSE = "Caused by: ";

    private final ServiceComponentRuntime runtime;

    Components(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
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

    /** Ids of the services that run with a configuration; each start registers another one. */
    Set<Long> running(String pid) {
        return configurations(pid).stream()
                .filter(c -> c.state == ComponentConfigurationDTO.ACTIVE)
                .map(c -> c.service == null ? c.id : c.service.id)
                .collect(Collectors.toSet());
    }

    /** Why one of them could not start, in one line. */
    Optional<String> failure(String pid) {
        return configurations(pid).stream()
                .filter(c -> c.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                .map(c -> c.failure == null ? "it failed to start" : innermost(c.failure))
                .findFirst();
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
