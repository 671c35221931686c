package io.skep.bus.internal.settings;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.dto.ServiceReferenceDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** One component as the component runtime shows it; the test says what becomes of it. */
final class FakeComponent {

    final ComponentDescriptionDTO description = new ComponentDescriptionDTO();
    final ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();

    /** What who asks for its service gets. */
    Object service;

    /** A component for a configuration that is active and stops: it offers a service, and has none now. */
    FakeComponent(String pid) {
        description.configurationPid = new String[] {pid};
        description.serviceInterfaces = new String[] {"x.Service"};
        description.properties = Map.of();
        configuration.id = 7;
        configuration.description = description;
        configuration.properties = Map.of();
        configuration.state = ComponentConfigurationDTO.ACTIVE;
    }

    Components seen() {
        return new Components(
                fake(
                        ServiceComponentRuntime.class,
                        Map.of(
                                "getComponentDescriptionDTOs", List.of(description),
                                "getComponentConfigurationDTOs", List.of(configuration))),
                (BundleContext) Proxy.newProxyInstance(
                        FakeComponent.class.getClassLoader(),
                        new Class<?>[] {BundleContext.class},
                        (self, call, arguments) -> switch (call.getName()) {
                            case "getAllServiceReferences" -> new ServiceReference<?>[] {reference()};
                            case "getService" -> service;
                            case "ungetService" -> true;
                            default -> throw new UnsupportedOperationException(call.toString());
                        }));
    }

    @SuppressWarnings("unchecked")
    static <T> T fake(Class<T> type, Map<String, ?> answers) {
        return (T) Proxy.newProxyInstance(
                FakeComponent.class.getClassLoader(),
                new Class<?>[] {type},
                (self, call, arguments) -> answers.get(call.getName()));
    }

    /** One whose properties nobody asks for. */
    @SuppressWarnings("unchecked")
    static <T> ServiceReference<T> reference() {
        return fake(ServiceReference.class, Map.of());
    }

    /** Its service is registered under this number; it is being started, or will be for who asks. */
    void registered(long id) {
        configuration.state = ComponentConfigurationDTO.ACTIVE;
        configuration.failure = null;
        configuration.service = new ServiceReferenceDTO();
        configuration.service.id = id;
        service = null;
    }

    /** Its start is over, and well. */
    void serves() {
        service = "the service";
    }

    /** Values have reached it. */
    void told(Map<String, Object> values) {
        configuration.properties = values;
    }

    void fails(String why) {
        configuration.state = ComponentConfigurationDTO.FAILED_ACTIVATION;
        configuration.failure = "java.lang.IllegalArgumentException: " + why;
        configuration.service = null;
        service = null;
    }
}
