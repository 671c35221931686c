package io.skep.bus.internal;

import static io.skep.bus.internal.Eventually.until;
import static io.skep.bus.internal.SwapFixture.NAME;
import static io.skep.bus.internal.SwapFixture.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.swap.ModuleSwaps;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/**
 * What the framework keeps of bundles is on disk when an operation has ended. ext4 gives a file its place on disk only when it
 * writes it; {@code filefrag} tells of those that have none yet. Skipped where that is not so.
 */
class PowerLossTest {

    private static final String WITHOUT_PLACE = "delalloc";

    @TempDir
    Path folder;

    private SwapFixture fixture;
    private TestFramework framework;
    private ModuleSwaps swaps;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/filefrag")) && isUnwritten(noise(folder.resolve("fresh"))),
                "this file system does not tell what it has not written yet");
        fixture = new SwapFixture(folder, 1000);
        framework = fixture.framework;
        swaps = fixture.swaps(fixture.settings(new Gate(Duration.ofSeconds(30))));
        swaps.open();
    }

    @AfterEach
    void stop() throws Exception {
        if (swaps != null) {
            swaps.close();
            fixture.close();
        }
    }

    private static Path noise(Path file) throws IOException {
        return Files.write(file, new byte[100_000]);
    }

    private static boolean isUnwritten(Path file) {
        try {
            Process filefrag = new ProcessBuilder("/usr/sbin/filefrag", "-v", file.toString())
                    .redirectErrorStream(true)
                    .start();
            return new String(filefrag.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains(WITHOUT_PLACE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> unwritten() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("cache"))) {
            return all.filter(Files::isRegularFile)
                    .filter(p -> p.getFileName().toString().equals("bundle.jar"))
                    .filter(PowerLossTest::isUnwritten)
                    .toList();
        }
    }

    private boolean allWritten() {
        try {
            return unwritten().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // A bus that is updated stands in no list of events: its successor finds it, and itself, among those just changed.
    @Test
    void bundleThatWasThereBeforeTheBusComesToTheDisk() {
        until("on disk", this::allWritten);
    }

    @Test
    void upgradedModuleIsOnDisk() throws Exception {
        until("on disk", this::allWritten);

        SwapOperation done =
                end(swaps.upgrade("m", framework.jar(NAME, "1.1.0", "").toString(), false));

        assertThat(done.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(unwritten()).isEmpty();
    }

    @Test
    void installedModuleIsOnDiskWithItsLibraries() throws Exception {
        until("on disk", this::allWritten);

        SwapOperation done = end(swaps.install(fixture.archive(
                        "mvn:test/n/1.0.0", framework.module("test.n", "1.0.0", "", "n", SwapFixture.NEEDS_LIBRARY))
                .toString()));

        assertThat(done.outcome()).as(done.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(unwritten()).isEmpty();
    }

    @Test
    void bundleThatOthersInstallOrUpdateComesToTheDisk() throws Exception {
        Bundle bundle = framework.start(framework.library("test.lib", "2.0.0", "lib.api;version=2.0.0"));
        until("installed on disk", this::allWritten);

        try (InputStream next = Files.newInputStream(framework.library("test.lib", "2.1.0", "lib.api;version=2.1.0"))) {
            bundle.update(next);
        }

        until("updated on disk", this::allWritten);
    }
}
