package io.skep.core.api.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNameTest {

    @TempDir
    Path folder;

    @Test
    void machineThatNoResolverKnowsStillHasItsName() throws IOException {
        Path kernel = Files.writeString(folder.resolve("hostname"), "No-Resolver-Knows-It\n");

        assertThat(HostName.of(kernel)).contains("no-resolver-knows-it");
    }

    @Test
    void emptyNameIsNone() throws IOException {
        assertThat(HostName.of(Files.writeString(folder.resolve("hostname"), "\n")))
                .isEmpty();
    }
}
