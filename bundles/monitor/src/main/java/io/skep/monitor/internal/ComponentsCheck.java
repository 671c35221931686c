package io.skep.monitor.internal;

import io.skep.core.api.module.Health;
import io.skep.core.api.observe.HealthCheck;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Whether all our declarative components have what they need. One that waits for a configuration nobody wrote is switched
 * off, not unwell.
 */
final class ComponentsCheck implements HealthCheck {

    private static final String OURS = "io.skep.";

    private final ServiceComponentRuntime runtime;

    ComponentsCheck(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public String name() {
        return "components";
    }

    @Override
    public Health check() {
        List<String> bad = runtime.getComponentDescriptionDTOs().stream()
                .filter(d -> d.bundle.symbolicName.startsWith(OURS))
                .flatMap(this::complaints)
                .sorted()
                .toList();
        return bad.isEmpty() ? Health.HEALTHY : Health.unhealthy("ComponentsNotSatisfied", String.join(", ", bad));
    }

    private Stream<String> complaints(ComponentDescriptionDTO component) {
        return runtime.getComponentConfigurationDTOs(component).stream()
                .filter(c -> c.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
                        || c.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                .map(c -> component.name + " " + why(c));
    }

    private static String why(ComponentConfigurationDTO configuration) {
        if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
            String failure = configuration.failure == null ? "" : configuration.failure;
            return "failed: " + failure.lines().findFirst().orElse("");
        }
        return Arrays.stream(configuration.unsatisfiedReferences)
                .map(r -> r.name + (r.target == null ? "" : " " + r.target))
                .collect(Collectors.joining(", ", "waits for ", ""));
    }
}
