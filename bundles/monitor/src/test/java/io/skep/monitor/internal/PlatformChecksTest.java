package io.skep.monitor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.module.Health;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

class PlatformChecksTest {

    @Test
    void activeBundlesFragmentsAndLazyOnesAreUp() {
        Bundle[] bundles = {
            bundle("io.skep.bus", Bundle.ACTIVE, Map.of()),
            bundle("fragment", Bundle.RESOLVED, Map.of("Fragment-Host", "host")),
            bundle("lazy", Bundle.STARTING, Map.of("Bundle-ActivationPolicy", "lazy"))
        };

        assertThat(new BundlesCheck(() -> bundles, () -> 90).check()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void bundlesThatAreNotUpAreNamed() {
        Bundle[] bundles = {
            bundle("b", Bundle.RESOLVED, Map.of()),
            bundle("a", Bundle.INSTALLED, Map.of()),
            bundle("c", Bundle.STARTING, Map.of())
        };

        Health health = new BundlesCheck(() -> bundles, () -> 90).check();

        assertThat(health.ok()).isFalse();
        assertThat(health.message()).isEqualTo("a/1.2.3 is not resolved, b/1.2.3 is not started, c/1.2.3 is starting");
    }

    @Test
    void bundleSleepsAboveTheStartLevelOfTheFramework() {
        Bundle[] bundles = {bundle("features", Bundle.RESOLVED, Map.of())};

        assertThat(new BundlesCheck(() -> bundles, () -> 79).check()).isEqualTo(Health.HEALTHY);
        assertThat(new BundlesCheck(() -> bundles, () -> 80).check().ok()).isFalse();
    }

    @Test
    void satisfiedComponentsAreWell() {
        ServiceComponentRuntime runtime = runtime(
                component("io.skep.bus", configuration(ComponentConfigurationDTO.ACTIVE)),
                component("io.skep.shell", configuration(ComponentConfigurationDTO.SATISFIED)),
                component("io.skep.kube", configuration(ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION)),
                component("org.other", configuration(ComponentConfigurationDTO.FAILED_ACTIVATION)));

        assertThat(new ComponentsCheck(runtime).check()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void componentsThatWaitOrFailedAreNamedWithTheReason() {
        ComponentConfigurationDTO waiting = configuration(ComponentConfigurationDTO.UNSATISFIED_REFERENCE);
        UnsatisfiedReferenceDTO store = new UnsatisfiedReferenceDTO();
        store.name = "store";
        waiting.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {store};
        ComponentConfigurationDTO failed = configuration(ComponentConfigurationDTO.FAILED_ACTIVATION);
        failed.failure = "java.lang.IllegalArgumentException: port must be positive\n\tat x";

        Health health = new ComponentsCheck(
                        runtime(component("io.skep.meta", waiting), component("io.skep.hub", failed)))
                .check();

        assertThat(health.ok()).isFalse();
        assertThat(health.message())
                .isEqualTo("io.skep.hub.Main failed: java.lang.IllegalArgumentException: port must be positive,"
                        + " io.skep.meta.Main waits for store");
    }

    private record Component(ComponentDescriptionDTO description, ComponentConfigurationDTO configuration) {}

    private static Component component(String bundle, ComponentConfigurationDTO configuration) {
        ComponentDescriptionDTO description = new ComponentDescriptionDTO();
        description.name = bundle + ".Main";
        description.bundle = new BundleDTO();
        description.bundle.symbolicName = bundle;
        return new Component(description, configuration);
    }

    private static ComponentConfigurationDTO configuration(int state) {
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        configuration.state = state;
        return configuration;
    }

    private static ServiceComponentRuntime runtime(Component... components) {
        return proxy(ServiceComponentRuntime.class, (proxy, method, args) -> switch (method.getName()) {
            case "getComponentDescriptionDTOs" ->
                List.of(components).stream().map(Component::description).toList();
            case "getComponentConfigurationDTOs" ->
                List.of(components).stream()
                        .filter(c -> c.description() == args[0])
                        .map(Component::configuration)
                        .toList();
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private static Bundle bundle(String name, int state, Map<String, String> headers) {
        Dictionary<String, String> dictionary = new Hashtable<>(headers);
        return proxy(Bundle.class, (proxy, method, args) -> switch (method.getName()) {
            case "getSymbolicName" -> name;
            case "getVersion" -> new Version("1.2.3");
            case "getState" -> state;
            case "getHeaders" -> dictionary;
            case "adapt" -> proxy(BundleStartLevel.class, (level, asked, none) -> 80);
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
