package io.skep.edged.internal.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Termination end(Instant started, Instant finished) {
        return new Termination(1, "Error", "", Optional.of(started), Optional.of(finished), "");
    }

    private static ContainerRecord owing(Duration backoff) {
        return new ContainerRecord(1, "s", backoff, false, Optional.empty(), Optional.empty());
    }

    @Test
    void pausesDoubleFromTenSecondsToFiveMinutes() {
        List<Long> pauses = new ArrayList<>();
        Duration pause = Duration.ZERO;
        for (int i = 0; i < 7; i++) {
            pause = Backoff.next(pause);
            pauses.add(pause.toSeconds());
        }

        assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L);
    }

    @Test
    void tenQuietMinutesPayTheDebt() {
        Termination calm = end(NOW.minusSeconds(600), NOW);
        Termination hasty = end(NOW.minusSeconds(599), NOW);

        assertThat(Backoff.owed(owing(Duration.ofSeconds(80)), calm)).isZero();
        assertThat(Backoff.owed(owing(Duration.ofSeconds(80)), hasty)).hasSeconds(80);
    }

    // A clock put back by a day must not keep a container down for a day.
    @Test
    void afterAnEndInTheFutureTheContainerStartsAtOnce() {
        Termination tomorrow = end(NOW.plus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1)));

        assertThat(Backoff.startAt(owing(Duration.ofSeconds(10)), tomorrow, NOW))
                .isEqualTo(NOW);
    }
}
