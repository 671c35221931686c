package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Backoff backoff = new Backoff(
            new Backoff.Pauses(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(30)), new Random(1));

    private Duration longestOfMany(Instant now, boolean refused) {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 50; i++) {
            Duration pause = backoff.next(now, refused);
            longest = pause.compareTo(longest) > 0 ? pause : longest;
        }
        return longest;
    }

    // The budget from "the cloud is back" to "the node is Ready" is 3 s.
    @Test
    void pausesStayShortWhileTheOutageIsYoung() {
        assertThat(longestOfMany(NOW, false)).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(2));
    }

    @Test
    void pausesGrowWhenTheCloudStaysAwayOrRefusesUs() {
        assertThat(longestOfMany(NOW, true)).isGreaterThan(Duration.ofSeconds(20));
        assertThat(longestOfMany(NOW.plus(Duration.ofHours(1)), false)).isGreaterThan(Duration.ofSeconds(20));
    }

    @Test
    void pausesStartAnewAfterAGoodLinkAndNotAfterAFlappingOne() {
        longestOfMany(NOW, false);
        backoff.lost(NOW, Duration.ofSeconds(1));
        assertThat(backoff.next(NOW, false)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));

        backoff.lost(NOW, Duration.ofMinutes(1));

        assertThat(backoff.next(NOW, false)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    }

    @Test
    void paceLetsABurstThroughAndThenSoManyASecond() {
        Pace pace = new Pace(new Pace.Limit(30, 60));
        for (int i = 0; i < 60; i++) {
            assertThat(pace.take(NOW)).isZero();
        }

        assertThat(pace.take(NOW)).isEqualTo(Duration.ofMillis(34));
        assertThat(pace.take(NOW.plusMillis(34))).isZero();
        assertThat(new Pace(new Pace.Limit(0, 1)).take(NOW)).isZero();
    }
}
