package io.skep.launcher.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemdTest {

    @TempDir
    Path folder;

    private String systemctl(String state, int code) throws IOException {
        Path program = folder.resolve("systemctl");
        Files.writeString(
                program, "#!/bin/sh\n[ \"$1\" = is-system-running ] || exit 9\necho " + state + "\nexit " + code);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "stopping, 1, true",
        "running, 0, false",
        "degraded, 1, false",
        "starting, 1, false",
        "maintenance, 1, false",
        "offline, 1, false"
    })
    void onlyAMachineThatStopsGoesDown(String state, int code, boolean down) throws IOException {
        assertThat(Systemd.machineGoesDown(systemctl(state, code))).isEqualTo(down);
    }

    @Test
    void withoutSystemdNothingIsKnownOfTheMachine() {
        assertThat(Systemd.machineGoesDown(folder.resolve("none").toString())).isFalse();
    }
}
