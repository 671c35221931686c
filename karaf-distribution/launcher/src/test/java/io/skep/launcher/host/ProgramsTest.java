package io.skep.launcher.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgramsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** As containerd's ctr gives with each answer, so that an empty list of images would have had a line. */
    @Test
    void warningIsNoPartOfTheAnswer() {
        assertThat(Programs.output(LIMIT, "sh", "-c", "echo deprecated >&2; echo answer"))
                .contains("answer\n");
    }

    @Test
    void programThatFailsHasNoAnswer() {
        assertThat(Programs.output(LIMIT, "sh", "-c", "echo answer; exit 3")).isEmpty();
        assertThat(Programs.output(LIMIT, "no-such-program")).isEmpty();
    }
}
