package io.skep.bus.internal;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The bus's one timer thread, {@code edge-bus-timer}; {@link #shutdownNow} ends it. */
final class BusTimer extends ScheduledThreadPoolExecutor {

    BusTimer() {
        super(1, BusTimer::thread);
        setRemoveOnCancelPolicy(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "edge-bus-timer");
        thread.setDaemon(true);
        thread.setContextClassLoader(BusTimer.class.getClassLoader());
        return thread;
    }
}
