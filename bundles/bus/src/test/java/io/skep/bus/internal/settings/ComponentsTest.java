package io.skep.bus.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** What the component runtime tells of a component in the course of a restart. */
class ComponentsTest {

    private static final String PID = "io.skep.bus";

    private final FakeComponent component = new FakeComponent(PID);
    private final Components components = component.seen();

    @Test
    void componentRunsAsTheServiceItHasRegistered() {
        component.registered(42);

        assertThat(components.running(PID)).containsExactly(new Components.Start(true, 42));
    }

    // Its modules may take seconds to stop; it must not pass for another start meanwhile.
    @Test
    void componentThatStopsDoesNotRunThoughItCountsAsActive() {
        assertThat(components.running(PID)).isEmpty();
    }

    @Test
    void componentThatOffersNoServiceRunsAsItself() {
        component.description.serviceInterfaces = new String[0];

        assertThat(components.running(PID)).containsExactly(new Components.Start(false, 7));
        assertThat(components.serves(new Components.Start(false, 7))).isTrue();
    }

    @Test
    void serviceWhoseComponentFailsToStartIsNone() {
        assertThat(components.serves(new Components.Start(true, 42))).isFalse();

        component.serves();

        assertThat(components.serves(new Components.Start(true, 42))).isTrue();
    }

    // To ask for its service would start it a second time when the first start fails, and fill the log while that
    // lasts.
    @Test
    void componentThatHasNotStartedIsNotAskedForItsService() {
        component.registered(42);
        component.configuration.state = ComponentConfigurationDTO.SATISFIED;

        assertThat(components.running(PID)).isEmpty();
    }

    // There is no start of it to wait for.
    @Test
    void componentThatTakesNewValuesAsItRunsIsNotWaitedFor() {
        component.registered(42);
        component.description.modified = "modified";

        assertThat(components.running(PID)).isEmpty();
    }
}
