package io.skep.bus.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BusSettingsTest {

    @Test
    void defaultsAreBeehivesWhereItHasThem() {
        BusSettings settings = BusSettings.from(config(Map.of()));

        assertThat(settings.limits().size()).isEqualTo(1024);
        assertThat(settings.host().restart().first()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.host().restart().longest()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.expected()).isEmpty();
    }

    // Felix File Install hands a line of a .cfg file over as one text, and DS makes an array of one element of it.
    @Test
    void expectedModulesMayStandInOneLine() {
        BusSettings settings =
                BusSettings.from(config(Map.of("modules_expected", new String[] {"websocket:hub, metamanager:meta"})));

        assertThat(settings.expected()).containsOnly(Map.entry("websocket", "hub"), Map.entry("metamanager", "meta"));
    }

    @Test
    void expectedModulesAreNameAndGroup() {
        BusSettings settings = BusSettings.from(
                config(Map.of("modules_expected", new String[] {"websocket:hub", " metamanager:meta", ""})));

        assertThat(settings.expected())
                .containsExactlyInAnyOrderEntriesOf(Map.of("websocket", "hub", "metamanager", "meta"));
    }

    @Test
    void badValueNamesTheKeyAsTheFileSpellsIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusSettings.from(config(Map.of("mailbox_size", 0))))
                .withMessage("mailbox.size must be at least 1, is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusSettings.from(config(Map.of("modules_expected", new String[] {"edged"}))))
                .withMessage("modules.expected must hold name:group, has edged");
    }

    private static BusConfig config(Map<String, Object> given) {
        return (BusConfig) Proxy.newProxyInstance(
                BusConfig.class.getClassLoader(),
                new Class<?>[] {BusConfig.class, Annotation.class},
                (proxy, method, args) -> given.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
