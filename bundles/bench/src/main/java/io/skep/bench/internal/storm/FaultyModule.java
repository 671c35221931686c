package io.skep.bench.internal.storm;

import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a bad version of a module does. The bench puts it into the module's bundle in place of the module. No message may
 * ever be given to it: the one that is gets written down, and is lost.
 */
public final class FaultyModule implements EdgeModule {

    private static final String THROWS_IN_START = "throws-in-start";
    private static final String HANGS_IN_START = "hangs-in-start";
    private static final String HANGS_IN_DRAIN = "hangs-in-drain";
    private static final String LEAKS_A_THREAD = "leaks-a-thread";

    // Longer than anybody waits for it, and short enough that a run does not collect them.
    private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final String fault;
    private final Path misdelivered;

    /** @param properties of the component: {@code bench.fault} is what to do, {@code bench.file} where to tell */
    public FaultyModule(Map<String, Object> properties) {
        fault = String.valueOf(properties.get("bench.fault"));
        misdelivered = Path.of(String.valueOf(properties.get("bench.file")));
    }

    @Override
    public void start(ModuleContext context, Handover handover) {
        switch (fault) {
            case THROWS_IN_START -> throw new IllegalStateException("this version is bad, and says so");
            case HANGS_IN_START -> hang();
            case LEAKS_A_THREAD -> leak();
            default -> {}
        }
    }

    private static void leak() {
        Thread thread = new Thread(FaultyModule::hang, "bench-leak");
        thread.setDaemon(true);
        thread.start();
    }

    /** Heeds no interrupt, as code that swallows it does not. */
    private static void hang() {
        long end = System.nanoTime() + HANG_NANOS;
        while (System.nanoTime() - end < 0) {
            Thread.interrupted();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @Override
    public void receive(Message message) {
        try {
            Files.writeString(
                    misdelivered,
                    fault + " was given " + message.route() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Handover stop() {
        if (fault.equals(HANGS_IN_DRAIN)) {
            hang();
        }
        return Handover.NONE;
    }

    @Override
    public Health health() {
        return Health.unhealthy("Bench", "this version is bad, and knows it");
    }
}
