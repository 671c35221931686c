package io.skep.edged.internal.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PressuresTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Pressures pressures = new Pressures(Thresholds.DEFAULT);

    private void memory(long free, Instant now) {
        pressures.observe(Map.of(Signal.MEMORY, new Reading(free, 4L << 30)), now);
    }

    @Test
    void lessThanTheThresholdIsPressureAndAsMuchIsNone() {
        memory((100L << 20) - 1, START);
        assertThat(pressures.conditions()).containsExactly(Pressure.MEMORY);

        Pressures other = new Pressures(Thresholds.DEFAULT);
        other.observe(Map.of(Signal.MEMORY, new Reading(100L << 20, 4L << 30)), START);
        assertThat(other.conditions()).isEmpty();
    }

    @Test
    void aConditionStaysForTheTransitionPeriodAndTheThresholdDoesNot() {
        memory(0, START);
        memory(1L << 30, START.plusSeconds(10));
        assertThat(pressures.met()).isEmpty();
        assertThat(pressures.conditions()).containsExactly(Pressure.MEMORY);

        memory(1L << 30, START.plus(Duration.ofMinutes(5)));
        assertThat(pressures.conditions()).isEmpty();
    }

    @Test
    void aClockSetBackDoesNotMakeItLast() {
        memory(0, START);
        memory(1L << 30, START.minus(Duration.ofDays(1)));
        memory(1L << 30, START.minus(Duration.ofDays(1)).plus(Duration.ofMinutes(5)));

        assertThat(pressures.conditions()).isEmpty();
    }

    @Test
    void whatCannotBeMeasuredIsNoPressure() {
        pressures.observe(Map.of(Signal.NODEFS, new Reading(0, 0)), START);

        assertThat(pressures.conditions()).isEmpty();
    }

    @Test
    void memoryIsSeenToFirst() {
        pressures.observe(Map.of(Signal.IMAGEFS, new Reading(1, 100), Signal.MEMORY, new Reading(1, 100)), START);

        assertThat(pressures.met().get(0).threshold().signal()).isEqualTo(Signal.MEMORY);
        assertThat(pressures.conditions()).containsExactly(Pressure.MEMORY, Pressure.DISK);
    }

    @Test
    void emptyTextsSwitchOffAndOthersAreRefused() {
        Thresholds none = Thresholds.of("", "", "", "", Duration.ZERO);
        assertThat(none.list()).isEmpty();
        assertThat(none.margin(Signal.MEMORY, 1000)).isZero();

        for (String text : new String[] {"ten", "0", "0%", "100%", "-5Mi", "%"}) {
            assertThatThrownBy(() -> Threshold.parse(Signal.NODEFS, text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("eviction.nodefs.available");
        }
    }
}
