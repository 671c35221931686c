package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgedSettingsTest {

    @Test
    void machineThatNoResolverKnowsStillHasItsName(@TempDir Path folder) throws IOException {
        Path kernel = Files.writeString(folder.resolve("hostname"), "No-Resolver-Knows-It\n");

        assertThat(EdgedSettings.hostName(kernel)).isEqualTo("no-resolver-knows-it");
    }
}
