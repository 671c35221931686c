package io.skep.bus.internal.host;

import io.skep.bus.internal.mail.Item;
import io.skep.bus.internal.mail.Mailbox;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.module.ModuleContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * One run of a module, from {@code start} to {@code stop}: its generation. Timers and results that come after the run's
 * end belong to nobody and are ignored.
 */
final class ModuleRun implements ModuleContext {

    private final Mailbox mailbox;
    private final Platform platform;
    private final Set<ScheduledTimer> timers = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    ModuleRun(Mailbox mailbox, Platform platform) {
        this.mailbox = mailbox;
        this.platform = platform;
    }

    /** Ends the generation: from now on nothing of it runs. */
    void end() {
        over = true;
        timers.forEach(ScheduledTimer::cancel);
    }

    @Override
    public String module() {
        return mailbox.module();
    }

    @Override
    public MessageBus bus() {
        return platform.bus();
    }

    @Override
    public InstantSource clock() {
        return platform.clock();
    }

    @Override
    public void execute(Runnable task) {
        if (!over) {
            mailbox.post(new Item.Task(this, () -> {
                if (!over) {
                    task.run();
                }
            }));
        }
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        return new ScheduledTimer(delay, Duration.ZERO, task).begin();
    }

    @Override
    public Timer every(Duration period, Runnable task) {
        if (period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException("period must be positive, is " + period);
        }
        return new ScheduledTimer(period, period, task).begin();
    }

    @Override
    public <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then) {
        if (over) {
            return;
        }
        boolean queued = platform.workers().submit(module(), key, () -> {
            if (!over) {
                call(job, then);
            }
        });
        if (!queued) {
            execute(() -> then.accept(
                    null,
                    new EdgeException(Reason.SERVICE_UNAVAILABLE, module() + " has too much background work waiting")));
        }
    }

    private <T> void call(Callable<T> job, BiConsumer<T, Exception> then) {
        T result;
        try {
            result = job.call();
        } catch (Exception e) {
            execute(() -> then.accept(null, e));
            return;
        } catch (Error e) {
            EdgeException wrapped = new EdgeException(Reason.INTERNAL_ERROR, "background job failed: " + e, e);
            execute(() -> then.accept(null, wrapped));
            return;
        }
        execute(() -> then.accept(result, null));
    }

    // Due, it only posts a task; a repeated one is due again one period after it ran, so runs never pile up.
    private final class ScheduledTimer implements Timer {
        private final Duration delay;
        private final Duration period;
        private final Runnable task;
        private Future<?> pending;
        private boolean cancelled;

        ScheduledTimer(Duration delay, Duration period, Runnable task) {
            this.delay = delay;
            this.period = period;
            this.task = task;
        }

        Timer begin() {
            timers.add(this);
            schedule(delay);
            if (over) {
                cancel();
            }
            return this;
        }

        private synchronized void schedule(Duration in) {
            if (!cancelled) {
                try {
                    pending = platform.timer()
                            .schedule(() -> execute(this::due), Math.max(0, in.toNanos()), TimeUnit.NANOSECONDS);
                } catch (RejectedExecutionException e) {
                    cancelled = true; // the bus is going
                }
            }
        }

        private void due() {
            if (isCancelled()) {
                return;
            }
            if (period.isZero()) {
                timers.remove(this);
            } else {
                schedule(period);
            }
            task.run();
        }

        private synchronized boolean isCancelled() {
            return cancelled;
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            timers.remove(this);
            if (pending != null) {
                pending.cancel(false);
            }
        }
    }
}
