package io.skep.monitor.internal;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Gives back the heap that the start and bursts of work leave behind. The serial collector extends the old generation
 * rather than collect it, up to the limit, and shrinks it only in a full collection: so one is asked for when the heap has
 * grown by more than {@value #SLACK_BYTES} bytes since the last one. On a heap as small as ours that takes under 0.1 s.
 *
 * <p>Makes one thread, {@code edge-heap}, which looks each minute and ends with the component.
 */
@Component(service = {})
public final class HeapTrim {

    private static final long SLACK_BYTES = 4L << 20;
    private static final long FIRST_SECONDS = 15;
    private static final long EACH_SECONDS = 60;

    private final LongSupplier heapBytes;
    private final Runnable collect;
    private final ScheduledExecutorService clock;
    private long afterLast;

    /** Made by DS. */
    @Activate
    public HeapTrim() {
        this(Runtime.getRuntime()::totalMemory, System::gc);
        clock.scheduleWithFixedDelay(this::look, FIRST_SECONDS, EACH_SECONDS, TimeUnit.SECONDS);
    }

    HeapTrim(LongSupplier heapBytes, Runnable collect) {
        this.heapBytes = heapBytes;
        this.collect = collect;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "edge-heap");
            thread.setDaemon(true);
            return thread;
        });
    }

    void look() {
        if (heapBytes.getAsLong() > afterLast + SLACK_BYTES) {
            collect.run();
            afterLast = heapBytes.getAsLong();
        }
    }

    @Deactivate
    void stop() {
        clock.shutdownNow();
    }
}
