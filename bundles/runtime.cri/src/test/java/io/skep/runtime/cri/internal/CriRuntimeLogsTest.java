package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerLogFiles;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.PodRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The engine writes the logs whose limits {@link LogsTest} tries on a fake. */
class CriRuntimeLogsTest extends OnRealEngine {

    /** kubelet's rotation: the engine loses no line at the change of files. */
    @Test
    void fullLogGoesOnInAnotherFile() throws Exception {
        int lines = 5000;
        try (PodRuntime.Subscription subscription = runtime().subscribe(event -> {})) {
            assertThat(subscription).isNotNull();
            String id = started(
                    "job",
                    "/bin/sh",
                    "-c",
                    "i=0; while [ $i -lt " + lines
                            + " ]; do echo line $i; i=$((i+1)); [ $((i%500)) -gt 0 ] || sleep 0.2;"
                            + " done; exec sleep 1000");
            ContainerLogFiles log = new ContainerLogFiles(status(id).logPath());

            Eventually.holds("the last line is logged", () -> logged(log).endsWith(" F line " + (lines - 1) + "\n"));

            assertThat(log.rotated()).hasSizeGreaterThan(1);
            assertThat(logged(log).lines().map(line -> line.split(" ", 4)[3]))
                    .containsExactlyElementsOf(
                            IntStream.range(0, lines).mapToObj(i -> "line " + i).toList());
        }
    }

    private static String logged(ContainerLogFiles log) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path each : log.rotated()) {
            all.append(Files.readString(each));
        }
        return all.append(Files.exists(log.current()) ? Files.readString(log.current()) : "")
                .toString();
    }
}
