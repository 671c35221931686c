package io.skep.itests.fault;

import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A module that stays in one step of its replacement, and leaves a file there as a sign that it is in it. */
public final class StepModule implements EdgeModule {

    public static final String WELL = "well";
    public static final String HANGS_IN_STOP = "hangs in stop";
    public static final String HANGS_IN_START = "hangs in start";
    public static final String UNHEALTHY = "unhealthy";

    private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final String does;
    private final Path sign;

    /** @param properties of the component: {@code step.does}, and {@code step.sign}, the file */
    public StepModule(Map<String, Object> properties) {
        does = String.valueOf(properties.get("step.does"));
        sign = Path.of(String.valueOf(properties.get("step.sign")));
    }

    @Override
    public void start(ModuleContext context, Handover handover) {
        if (does.equals(HANGS_IN_START)) {
            hang();
        } else if (does.equals(UNHEALTHY)) {
            giveSign();
        }
    }

    @Override
    public void receive(Message message) {}

    @Override
    public Handover stop() {
        if (does.equals(HANGS_IN_STOP)) {
            hang();
        }
        return Handover.NONE;
    }

    @Override
    public Health health() {
        return does.equals(UNHEALTHY) ? Health.unhealthy("Test", "it says so itself") : Health.HEALTHY;
    }

    /** Heeds no interrupt. */
    private void hang() {
        giveSign();
        long end = System.nanoTime() + HANG_NANOS;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            Thread.interrupted();
        }
    }

    private void giveSign() {
        try {
            Files.writeString(sign, does);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
