package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VigilTest {

    private static final Instant OPENED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private final Vigil vigil = new Vigil(DEADLINE, OPENED);

    private boolean overdue(long silence, long age) {
        return vigil.isOverdue(Duration.ofSeconds(silence), OPENED.plusSeconds(age));
    }

    // CloudCore says nothing while it waits for a node that has just joined to be there.
    @Test
    void newTunnelMayBeSilentUntilThePeerHasWrittenTheNode() {
        assertThat(overdue(5, 5)).isFalse();
        assertThat(overdue(20, 20)).isFalse();
        assertThat(overdue(150, 150)).isFalse();
        assertThat(overdue(151, 151)).isTrue();
    }

    @Test
    void peerThatWasHeardOnceMustAnswerWithinTheDeadline() {
        assertThat(overdue(20, 20)).isFalse();
        assertThat(overdue(1, 25)).isFalse();
        assertThat(overdue(15, 40)).isFalse();
        assertThat(overdue(16, 41)).isTrue();
    }

    @Test
    void deadlineThatIsLongerHoldsFromTheStart() {
        Vigil patient = new Vigil(Duration.ofSeconds(200), OPENED);

        assertThat(patient.isOverdue(Duration.ofSeconds(199), OPENED.plusSeconds(199)))
                .isFalse();
    }
}
