package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {

    private static final Duration LAST_STEPS = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    /** A thread that outlives its bundle looks for classes that are gone. */
    @Test
    void closedEngineHasNoThreadLeft() throws InterruptedException {
        Engine engine = new Engine(folder.resolve("nobody.sock"));
        CompletableFuture<Thread> seen = new CompletableFuture<>();
        engine.later(Duration.ZERO, () -> seen.complete(Thread.currentThread()));
        Thread thread = seen.join();
        engine.channel().getState(true);

        engine.close();

        assertThat(engine.channel().isTerminated()).isTrue();
        thread.join(LAST_STEPS.toMillis());
        assertThat(thread.isAlive()).isFalse();
    }
}
