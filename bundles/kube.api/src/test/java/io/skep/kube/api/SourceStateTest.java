package io.skep.kube.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;

/** What /version says of the build. */
class SourceStateTest {

    private static final String HASH = "8fec300a454f5e89ac59d10713b580308620160f";

    private static SourceState built(String commit, String time) {
        Attributes manifest = new Attributes();
        manifest.putValue(SourceState.COMMIT, commit);
        manifest.putValue(SourceState.TIME, time);
        return SourceState.of(manifest);
    }

    @Test
    void commitIsNamedWithItsDateAndWhetherAnythingWasChangedAfterIt() {
        Instant date = Instant.parse("2026-11-30T12:24:59Z");

        assertThat(built(HASH, "1796041499")).isEqualTo(new SourceState(HASH, "clean", date));
        assertThat(built(HASH + "-dirty", "1796041499")).isEqualTo(new SourceState(HASH, "dirty", date));
    }

    @Test
    void buildOutsideOfARepositorySaysNothing() {
        SourceState nothing = new SourceState("", "", Instant.EPOCH);

        assertThat(SourceState.of(new Attributes())).isEqualTo(nothing);
        assertThat(built("", "")).isEqualTo(nothing);
        assertThat(built("fatal: no repository", "soon")).isEqualTo(nothing);
    }
}
