package io.skep.bus.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {

    private static final Duration SHORT_RUN = Duration.ofSeconds(2);

    private final RestartPolicy policy =
            new RestartPolicy(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(1));

    @Test
    void pauseDoublesUpToTheLongest() {
        List<Long> seconds = new ArrayList<>();
        Duration pause = Duration.ZERO;
        for (int i = 0; i < 8; i++) {
            pause = policy.next(pause, SHORT_RUN);
            seconds.add(pause.toSeconds());
        }

        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void quietMinuteForgetsWhatWasBefore() {
        assertThat(policy.next(Duration.ofSeconds(30), Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(1));
    }
}
