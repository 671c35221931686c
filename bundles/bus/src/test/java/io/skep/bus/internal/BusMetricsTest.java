package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.observe.Sample;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusMetricsTest {

    private final BusFixture fixture = new BusFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void trafficLossesAndModulesAreShown() {
        fixture.add("echo", TestModule.echo());
        fixture.bus.sendSync("echo", message("r/1"), Duration.ofSeconds(30));
        fixture.bus.send("nobody", message("r/2"));

        assertThat(value("skep_bus_received_messages", Map.of("module", "echo")))
                .isEqualTo(1);
        assertThat(value("skep_bus_lost_messages", Map.of("class", "NoModule"))).isEqualTo(1);
        assertThat(value("skep_bus_answered_requests", Map.of())).isEqualTo(1);
        assertThat(value("skep_bus_answer_seconds", Map.of())).isPositive();
        assertThat(value("skep_module_active", Map.of("module", "echo"))).isEqualTo(1);
        assertThat(value("skep_module_restarts", Map.of("module", "echo"))).isZero();
    }

    private double value(String name, Map<String, String> labels) {
        return fixture.bus.samples().stream()
                .filter(s -> s.name().equals(name) && s.labels().equals(labels))
                .mapToDouble(Sample::value)
                .findFirst()
                .orElseThrow();
    }
}
