package io.skep.edged.internal.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerRecordTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Termination end(String containerId) {
        return new Termination(0, "Completed", "", Optional.of(NOW), Optional.of(NOW), containerId);
    }

    // A listing may show a short one ended while the call that started it is still on its way back.
    @Test
    void instanceSeenEndedBeforeItsStartIsToldIsNotTheOneBeforeIt() {
        ContainerRecord record =
                ContainerRecord.NEW.seen(0, "box").ended(end("first")).started(0, "box", Duration.ZERO);

        assertThat(record.previous()).isEmpty();
    }

    @Test
    void endOfTheInstanceBeforeIsKept() {
        ContainerRecord record = ContainerRecord.NEW
                .started(0, "box", Duration.ZERO)
                .ended(end("first"))
                .started(1, "box", Duration.ZERO);

        assertThat(record.previous()).contains(end("first"));
        assertThat(record.last()).isEmpty();
    }
}
