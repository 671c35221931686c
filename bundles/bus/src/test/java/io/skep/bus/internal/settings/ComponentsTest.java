package io.skep.bus.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.dto.ServiceReferenceDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** What the component runtime tells of a component in the course of a restart. */
class ComponentsTest {

    private static final String PID = "io.skep.bus";

    private final ComponentDescriptionDTO description = new ComponentDescriptionDTO();
    private final ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
    private Object had;
    private final Components components = new Components(
            fake(
                    ServiceComponentRuntime.class,
                    Map.of(
                            "getComponentDescriptionDTOs", List.of(description),
                            "getComponentConfigurationDTOs", List.of(configuration))),
            (BundleContext) Proxy.newProxyInstance(
                    ComponentsTest.class.getClassLoader(),
                    new Class<?>[] {BundleContext.class},
                    (self, call, arguments) -> switch (call.getName()) {
                        case "getAllServiceReferences" ->
                            new ServiceReference<?>[] {fake(ServiceReference.class, Map.of())};
                        case "getService" -> had;
                        case "ungetService" -> true;
                        default -> throw new UnsupportedOperationException(call.toString());
                    }));

    ComponentsTest() {
        description.configurationPid = new String[] {PID};
        description.serviceInterfaces = new String[] {"x.Service"};
        configuration.id = 7;
        configuration.description = description;
        configuration.state = ComponentConfigurationDTO.ACTIVE;
    }

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<T> type, Map<String, ?> answers) {
        return (T) Proxy.newProxyInstance(
                ComponentsTest.class.getClassLoader(),
                new Class<?>[] {type},
                (self, call, arguments) -> answers.get(call.getName()));
    }

    private void registered(long service) {
        configuration.service = new ServiceReferenceDTO();
        configuration.service.id = service;
    }

    @Test
    void componentRunsAsTheServiceItHasRegistered() {
        registered(42);

        assertThat(components.running(PID)).containsExactly(new Components.Start(true, 42));
    }

    // Its modules may take seconds to stop; it must not pass for another start meanwhile.
    @Test
    void componentThatStopsDoesNotRunThoughItCountsAsActive() {
        assertThat(components.running(PID)).isEmpty();
    }

    @Test
    void componentThatOffersNoServiceRunsAsItself() {
        description.serviceInterfaces = new String[0];

        assertThat(components.running(PID)).containsExactly(new Components.Start(false, 7));
        assertThat(components.serves(new Components.Start(false, 7))).isTrue();
    }

    @Test
    void serviceWhoseComponentFailsToStartIsNone() {
        assertThat(components.serves(new Components.Start(true, 42))).isFalse();

        had = "the service";

        assertThat(components.serves(new Components.Start(true, 42))).isTrue();
    }
}
