package io.skep.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT119S, 119s",
        "PT125S, 2m5s",
        "PT9M, 9m",
        "PT11M30S, 11m",
        "PT3H5M, 3h5m",
        "PT9H, 9h",
        "P2DT1H, 2d1h",
        "P9D, 9d",
        "P800D, 2y70d"
    })
    void spansReadLikeKubectls(Duration span, String text) {
        assertThat(Ages.text(span)).isEqualTo(text);
    }

    // A node's clock may be ahead of ours.
    @org.junit.jupiter.api.Test
    void timeToComeIsNow() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(Ages.since("2026-01-01T00:00:05Z", now)).isEqualTo("0s");
        assertThat(Ages.since("", now)).isEqualTo("<unknown>");
    }
}
