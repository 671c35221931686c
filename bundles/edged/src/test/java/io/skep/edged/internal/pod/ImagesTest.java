package io.skep.edged.internal.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImagesTest {

    @Test
    void aPullIsToldWithTheTimeItTookAsGoPrintsIt() {
        Images.Pull pull = new Images.Pull(Duration.ofMillis(834), Duration.ofMillis(62_500), 7_168);

        assertThat(new Images.Ready("sha256:1", Optional.of(pull)).told("app:1"))
                .isEqualTo(
                        "Successfully pulled image \"app:1\" in 834ms (1m2.5s including waiting). Image size: 7168 bytes.");
        assertThat(told(Duration.ofNanos(1))).contains(" in 0s (2h0m10s including");
    }

    private static String told(Duration took) {
        Images.Pull pull = new Images.Pull(took, Duration.ofHours(2).plusSeconds(10), 0);
        return new Images.Ready("sha256:1", Optional.of(pull)).told("app:1");
    }

    @Test
    void anImageThatWasHereIsToldAsPresent() {
        assertThat(new Images.Ready("sha256:1", Optional.empty()).told("app:1"))
                .isEqualTo("Container image \"app:1\" already present on machine");
    }
}
