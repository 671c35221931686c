package io.skep.bus.internal.settings;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread {@code edge-settings}, which is there for as long as there is something to look at. */
final class LookThread implements Looks {

    private static final Logger LOG = LoggerFactory.getLogger(LookThread.class);
    private static final long IDLE_SECONDS = 5;

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, LookThread::thread);

    LookThread() {
        thread.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "edge-settings");
        thread.setDaemon(true);
        thread.setContextClassLoader(LookThread.class.getClassLoader());
        return thread;
    }

    @Override
    public void after(Duration pause, Runnable look) {
        try {
            thread.schedule(() -> run(look), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("settings are not looked after any more: the bus is stopping");
        }
    }

    private static void run(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.warn("a change of settings is not looked after any more", e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
