package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeHubSettingsTest {

    /** The annotation with its defaults, some of them replaced, as DS makes it. */
    private static EdgeHubSettings settings(Map<String, Object> values) {
        EdgeHubConfig config = (EdgeHubConfig) Proxy.newProxyInstance(
                EdgeHubConfig.class.getClassLoader(),
                new Class<?>[] {EdgeHubConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
        return EdgeHubSettings.from(config, Path.of("data"));
    }

    @Test
    void oneAddressOfTheCloudGivesTheOther() {
        EdgeHubSettings.Cloud byHttps = settings(Map.of("node_name", "n", "cloud_https", "https://c.example:10002"))
                .cloud()
                .orElseThrow();
        EdgeHubSettings.Cloud byLink = settings(Map.of("node_name", "n", "cloud_websocket", "wss://10.1.2.3:12345"))
                .cloud()
                .orElseThrow();

        assertThat(byHttps.link()).hasToString("wss://c.example:10000/e632aba927ea4ac2b575ec1603d56f10/n/events");
        assertThat(byLink.https()).hasToString("https://10.1.2.3:10002");
        assertThat(byLink.link()).hasToString("wss://10.1.2.3:12345/e632aba927ea4ac2b575ec1603d56f10/n/events");
    }

    @Test
    void withoutAnAddressThereIsNoCloud() {
        assertThat(settings(Map.of("node_name", "n")).cloud()).isEmpty();
        assertThat(settings(Map.of("node_name", "n")).folder()).isEqualTo(Path.of("data/edgehub"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Edge-1", "edge_1", "-edge", "edge.", "a..b", "edge 1", "../x"})
    void nameThatIsNoNodeNameIsRefusedWithItsKey(String name) {
        assertThatThrownBy(() -> settings(Map.of("node_name", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node.name")
                .hasMessageContaining(name);
    }

    @Test
    void badValueIsNamedByItsKeyInTheFile() {
        assertThatThrownBy(() -> settings(Map.of("node_name", "n", "heartbeat_seconds", 0)))
                .hasMessageContaining("heartbeat.seconds");
        assertThatThrownBy(() -> settings(Map.of("node_name", "n", "cloud_https", "http://c")))
                .hasMessageContaining("cloud.https");
        assertThatThrownBy(() -> settings(Map.of("node_name", "n", "cloud_websocket", "c:10000")))
                .hasMessageContaining("cloud.websocket");
        assertThatThrownBy(() -> settings(Map.of("node_name", "n", "message_qps", -1)))
                .hasMessageContaining("message.qps");
    }

    // What is configured is published as a service property: a key that held the token would give it away.
    @Test
    void onlyTheTokensPlaceCanBeConfigured() {
        assertThat(EdgeHubConfig.class.getDeclaredMethods())
                .extracting(java.lang.reflect.Method::getName)
                .filteredOn(key -> key.contains("token"))
                .containsExactly("token_file");
    }
}
