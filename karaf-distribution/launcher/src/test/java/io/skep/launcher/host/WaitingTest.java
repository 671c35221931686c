package io.skep.launcher.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingTest {

    @Test
    void questionsHaveAThirdOfAProcessorAtMost() {
        assertThat(Waiting.pause(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(20));
        assertThat(Waiting.pause(Duration.ofMillis(300))).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void itIsAskedUntilItIsSo() {
        List<Integer> asked = new ArrayList<>();

        boolean so = Waiting.until(Duration.ofMinutes(1), () -> asked.add(1) && asked.size() == 3);

        assertThat(so).isTrue();
        assertThat(asked).hasSize(3);
    }

    @Test
    void whatIsNotSoInTimeIsNotWaitedForLonger() {
        assertThat(Waiting.until(Duration.ZERO, () -> false)).isFalse();
    }
}
