package io.skep.bench.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void percentilesAreThoseOfTheSortedSamples() {
        Samples samples = new Samples(200);
        for (int i = 100; i > 0; i--) {
            samples.add(i * 1_000L);
        }

        assertThat(samples.micros(50)).isEqualTo(50);
        assertThat(samples.micros(99)).isEqualTo(99);
    }

    @Test
    void oneSlowRunDoesNotMoveTheMedian() {
        Iterator<Double> runs = List.of(10.0, 1_000.0, 11.0).iterator();

        assertThat(Samples.median(3, runs::next)).isEqualTo(11.0);
    }
}
