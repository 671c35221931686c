package io.skep.kube.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KubeRestSettingsTest {

    private static KubeRestSettings settings(String address, int port, int threads) {
        return new KubeRestSettings(address, port, Set.of(), Path.of("kube"), threads);
    }

    @Test
    void badValuesNameTheirKey() {
        assertThatThrownBy(() -> settings(" ", 6443, 16)).hasMessageContaining("address");
        assertThatThrownBy(() -> settings("127.0.0.1", 0, 16)).hasMessage("port must be 1 to 65535, is 0");
        assertThatThrownBy(() -> settings("127.0.0.1", 6443, 1)).hasMessage("threads.max must be at least 8, is 1");
    }

    @Test
    void clientsOnThisMachineAreToldAnAddressTheyCanReach() {
        assertThat(settings("0.0.0.0", 6443, 16).server()).isEqualTo("https://127.0.0.1:6443");
        assertThat(settings("::1", 6443, 16).server()).isEqualTo("https://[::1]:6443");
        assertThat(settings("edge-box", 7443, 16).server()).isEqualTo("https://edge-box:7443");
    }
}
