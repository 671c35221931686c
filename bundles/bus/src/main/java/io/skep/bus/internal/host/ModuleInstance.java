package io.skep.bus.internal.host;

import io.skep.bus.internal.mail.Item;
import io.skep.bus.internal.mail.Mailbox;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleRegistry.State;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One module service at work, from {@link #begin} to the {@link Handover} it leaves; runs the module again by the restart
 * policy when it fails.
 *
 * <p>Threads: makes one, {@code edge-<module>}, which ends when the instance is drained. A module that doesn't let go of
 * it in time is interrupted and left behind; whatever it still does reaches nobody.
 */
final class ModuleInstance {

    private static final Logger LOG = LoggerFactory.getLogger(ModuleInstance.class);

    // A handover that makes start fail this often is given up, or the module would never run again.
    private static final int HANDOVER_TRIES = 3;

    private static final Duration LAST_WAIT = Duration.ofSeconds(1);

    private final ModuleService service;
    private final ModuleCalls calls;
    private final Mailbox mailbox;
    private final Platform platform;
    private final InstanceListener listener;
    private final CompletableFuture<Handover> result = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean draining;
    private volatile ModuleRun run;
    private Handover handover;
    private int failedStarts;
    private volatile boolean held;

    /** Hears how an instance does, on its thread. */
    @FunctionalInterface
    interface InstanceListener {
        void moved(ModuleInstance instance, State state, String reason);
    }

    ModuleInstance(
            ModuleService service,
            Mailbox mailbox,
            Platform platform,
            Handover handover,
            boolean held,
            InstanceListener listener) {
        this.service = service;
        this.calls = new ModuleCalls(service, platform, why -> listener.moved(this, State.BACK_OFF, why));
        this.mailbox = mailbox;
        this.platform = platform;
        this.handover = handover;
        this.held = held;
        this.listener = listener;
        this.thread = new Thread(this::live, "edge-" + service.name());
        thread.setDaemon(true);
        thread.setContextClassLoader(service.module().getClass().getClassLoader());
    }

    ModuleService service() {
        return service;
    }

    void begin() {
        thread.start();
    }

    /** Lets messages flow to a module that was started to be tried. Any thread, at once. */
    void release() {
        held = false;
        mailbox.release(this);
    }

    /** Ends when the module's thread comes to it: a module that is stuck never gets there. */
    CompletableFuture<Void> probe() {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        ModuleRun current = run;
        if (current != null) {
            current.execute(() -> answered.complete(null));
        }
        return answered;
    }

    /** What the module is doing right now, if anything. */
    Optional<ModuleCalls.InWork> inWork() {
        return calls.inWork();
    }

    /** Begins the end: no further message is handed out. Any thread, at once. */
    void drain() {
        synchronized (this) {
            draining = true;
            notifyAll();
        }
        mailbox.close(this);
    }

    /**
     * Waits for the end after {@link #drain}.
     *
     * @return what the module left; {@link Handover#NONE} when it left nothing or did not end in time
     */
    Handover awaitHandover() {
        if (Thread.currentThread() == thread) {
            // The module takes itself away: it is in a call of its own, so nothing is left to wait for.
            ended(stop());
            return result.join();
        }
        try {
            return result.get(platform.settings().drain().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return abandon();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Handover abandon() {
        LOG.error("module does not stop, interrupting: module={} in={}", service.name(), calls.describe());
        platform.lifecycle().moved(service.name(), Lifecycle.Move.STUCK, "does not stop, in " + calls.describe());
        thread.interrupt();
        try {
            thread.join(LAST_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endRun();
        ended(Handover.NONE);
        return result.join();
    }

    private void live() {
        Duration pause = Duration.ZERO;
        try {
            while (!draining && !result.isDone()) {
                long began = System.nanoTime();
                boolean failed = runOnce();
                if (failed && !draining) {
                    pause = platform.settings().restart().next(pause, Duration.ofNanos(System.nanoTime() - began));
                    rest(pause);
                }
            }
        } finally {
            // Whoever still knows the thread must not keep the bundle by it; Felix does, by its locks for classes.
            Thread.currentThread().setContextClassLoader(null);
            ended(handover);
        }
    }

    private void ended(Handover left) {
        if (result.complete(left)) {
            mailbox.close(this);
        }
    }

    private boolean runOnce() {
        run = new ModuleRun(mailbox, platform);
        listener.moved(this, State.STARTING, "");
        boolean failed = !start() || !treatAll();
        if (!result.isDone()) {
            handover = stop();
        }
        return failed;
    }

    private boolean start() {
        boolean started = returned(calls.start(run, handover));
        if (started) {
            handover = Handover.NONE;
            failedStarts = 0;
            read();
            listener.moved(this, State.ACTIVE, "");
        } else if (++failedStarts >= HANDOVER_TRIES && !handover.isEmpty()) {
            LOG.error("handover given up after failed starts: module={} starts={}", service.name(), failedStarts);
            handover = Handover.NONE;
        }
        return started;
    }

    // One that was given up long ago must not take the mailbox from its successor when its start returns at last.
    private synchronized void read() {
        if (!draining) {
            mailbox.open(this, held);
            if (!held) {
                mailbox.release(this);
            }
        }
    }

    private boolean treatAll() {
        try {
            for (Item item = mailbox.take(this); item != null; item = mailbox.take(this)) {
                if (!treat(item)) {
                    mailbox.close(this);
                    return false;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted: module={}", service.name());
        }
        return !draining || finishTasks();
    }

    private boolean treat(Item item) {
        return returned(calls.treat(item));
    }

    // An interrupt that was meant for the call must not end the wait for what comes next.
    private boolean returned(boolean well) {
        if (!draining) {
            Thread.interrupted();
        }
        return well;
    }

    // Results that have come already are not lost to the handover.
    private boolean finishTasks() {
        for (Item.Task task : mailbox.removeTasks(run)) {
            if (!treat(task)) {
                return false;
            }
        }
        return true;
    }

    private Handover stop() {
        mailbox.close(this);
        Handover left = calls.stop();
        endRun();
        mailbox.removeTasks(run);
        // What start was given and could not use is kept for the next try.
        return left.isEmpty() ? handover : left;
    }

    private void endRun() {
        ModuleRun current = run;
        if (current != null) {
            current.end();
        }
    }

    private synchronized void rest(Duration pause) {
        long until = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toNanos(); left > 0 && !draining; left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted: module={}", service.name());
        }
    }
}
