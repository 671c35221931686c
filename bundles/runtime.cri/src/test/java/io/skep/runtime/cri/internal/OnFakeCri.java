package io.skep.runtime.cri.internal;

import io.skep.runtime.api.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A runtime on an engine that does what a test wants. */
abstract class OnFakeCri {

    static final Duration SHORT = Duration.ofSeconds(1);
    static final LogLimits LOGS = new LogLimits(4096, 3, Duration.ofMillis(100));

    private final Duration liveness;
    private final LogLimits logs;

    Path folder;
    FakeCri cri;
    CriRuntime runtime;

    /** @param liveness how long the engine may take to say that it lives */
    OnFakeCri(Duration liveness) {
        this(liveness, LOGS);
    }

    OnFakeCri(Duration liveness, LogLimits logs) {
        this.liveness = liveness;
        this.logs = logs;
    }

    /** A socket's path has room for little, so it lies in the system's own folder. */
    @BeforeEach
    void open() throws Exception {
        folder = Files.createTempDirectory("cri");
        cri = new FakeCri(folder.resolve("s")).start();
        runtime = CriRuntime.on(
                folder.resolve("s"),
                new CriSettings(List.of(), SHORT, liveness, SHORT, Duration.ofMillis(200), logs, "", "test"));
        // The first call of a JVM loads more classes than a short limit has time for.
        Eventually.holds("the engine answers", () -> !runtime.info().name().isEmpty());
    }

    @AfterEach
    void close() throws Exception {
        runtime.close();
        cri.stop();
        FakePods.delete(folder);
    }
}
