package io.skep.bus.internal.host;

import io.skep.bus.internal.mail.Mailbox;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import io.skep.core.api.module.ModuleRegistry.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one module name: its mailbox, the service at work there, those that wait for their turn, and what the last
 * one left. At most one instance is at work; its successor starts only when it is gone.
 *
 * <p>Thread-safe: the monitor guards the fields, and is not held while a module or the mailbox is called.
 */
final class ModuleSlot {

    private static final Logger LOG = LoggerFactory.getLogger(ModuleSlot.class);

    /** An instance, if there is one, and how it does. */
    record AtWork(Optional<ModuleInstance> instance, State state, String reason) {}

    private final Mailbox mailbox;
    private final Platform platform;
    private final SlotWatch watch;
    private final List<ModuleService> waiting = new ArrayList<>();
    private String group;
    private ModuleInstance current;
    private Handover handover = Handover.NONE;
    private boolean open;
    private ModuleSwap swap;
    private State state = State.ABSENT;
    private Instant since;
    private String reason = "";
    private Health lastHealth = Health.HEALTHY;
    private int restarts;

    ModuleSlot(Mailbox mailbox, String group, Platform platform) {
        this.mailbox = mailbox;
        this.group = group;
        this.platform = platform;
        this.watch = new SlotWatch(mailbox, platform.settings().slow());
        this.since = platform.clock().instant();
    }

    /** Lets services start; until then they wait. */
    synchronized void open() {
        open = true;
        startNext();
    }

    synchronized void add(ModuleService service) {
        group = service.group();
        waiting.add(service);
        if (current != null) {
            LOG.info(
                    "module waits for its predecessor to go: module={} bundle={} running={}",
                    service.name(),
                    service.bundle(),
                    current.service().bundle());
        }
        startNext();
    }

    /** Takes a service out and returns when the module has let go of everything, or after the drain limit. */
    void remove(long serviceId) {
        ModuleInstance leaving = leaving(serviceId);
        if (leaving == null) {
            return;
        }
        Health left = health(atWork());
        synchronized (this) {
            lastHealth = left;
        }
        leaving.drain();
        gone(leaving, leaving.awaitHandover());
    }

    private synchronized ModuleInstance leaving(long serviceId) {
        waiting.removeIf(s -> s.id() == serviceId);
        return current != null && current.service().id() == serviceId ? current : null;
    }

    private void gone(ModuleInstance instance, Handover left) {
        synchronized (this) {
            if (current != instance) {
                return;
            }
            current = null;
            handover = swap == null ? left : swap.keep(left);
            move(State.ABSENT, "");
        }
        platform.lifecycle().moved(mailbox.module(), Lifecycle.Move.STOPPED, "");
        LOG.info(
                "module stopped: module={} bundle={}",
                mailbox.module(),
                instance.service().bundle());
        synchronized (this) {
            startNext();
        }
    }

    private void startNext() {
        if (!open || current != null || waiting.isEmpty()) {
            return;
        }
        ModuleService next = waiting.stream()
                .min(Comparator.comparingInt(ModuleService::ranking).reversed().thenComparingLong(ModuleService::id))
                .get();
        waiting.remove(next);
        current = new ModuleInstance(next, mailbox, platform, handover, swap != null, this::moved);
        handover = Handover.NONE;
        move(State.STARTING, "");
        current.begin();
    }

    private void moved(ModuleInstance instance, State to, String why) {
        synchronized (this) {
            if (current != instance) {
                return;
            }
            restarts += to == State.STARTING && state == State.BACK_OFF ? 1 : 0;
            move(to, why);
        }
        String bundle = instance.service().bundle();
        switch (to) {
            case STARTING -> platform.lifecycle().moved(mailbox.module(), Lifecycle.Move.STARTING, why);
            case ACTIVE -> {
                LOG.info("module started: module={} group={} bundle={}", mailbox.module(), group(), bundle);
                platform.lifecycle().moved(mailbox.module(), Lifecycle.Move.STARTED, why);
            }
            case BACK_OFF -> platform.lifecycle().moved(mailbox.module(), Lifecycle.Move.FAILED, why);
            case ABSENT -> throw new IllegalArgumentException("no instance says that it is absent");
        }
    }

    private void move(State to, String why) {
        state = to;
        reason = why;
        since = platform.clock().instant();
    }

    /** Begins a swap: what the present instance leaves is kept, and its successors get no message until it ends. */
    ModuleSwap beginSwap() {
        Health before = health(atWork());
        synchronized (this) {
            if (swap != null) {
                throw new EdgeException(Reason.CONFLICT, mailbox.module() + " is being replaced already");
            }
            swap = current == null
                    ? new ModuleSwap(this, lastHealth, Optional.of(handover))
                    : new ModuleSwap(this, before, Optional.empty());
            return swap;
        }
    }

    /** Ends a swap: messages flow to whatever is at work. */
    void endSwap(ModuleSwap ended) {
        ModuleInstance instance;
        synchronized (this) {
            if (swap != ended) {
                return;
            }
            swap = null;
            instance = current;
        }
        if (instance != null) {
            instance.release();
        }
    }

    /** What is at work now, seen at one moment. */
    synchronized AtWork atWork() {
        return new AtWork(Optional.ofNullable(current), state, reason);
    }

    Health health(AtWork work) {
        return health(work.state(), work.instance().orElse(null));
    }

    synchronized String group() {
        return group;
    }

    /** Whether a service is at work or waits to be. */
    synchronized boolean isPresent() {
        return current != null || !waiting.isEmpty();
    }

    /** Begins the end of whatever is at work; {@link #close} waits for it. */
    void drain() {
        ModuleInstance instance;
        synchronized (this) {
            open = false;
            instance = current;
        }
        if (instance != null) {
            instance.drain();
        }
    }

    /** Ends what is at work and returns what it left. */
    Handover close() {
        ModuleInstance instance;
        synchronized (this) {
            open = false;
            waiting.clear();
            instance = current;
        }
        if (instance != null) {
            instance.drain();
            gone(instance, instance.awaitHandover());
        }
        synchronized (this) {
            return handover;
        }
    }

    /** Gives the first instance of this process what the last one of a former bus left. */
    synchronized void inherit(Handover left) {
        if (handover.isEmpty() && current == null) {
            handover = left;
        }
    }

    ModuleStatus status() {
        ModuleInstance instance;
        ModuleStatus status;
        synchronized (this) {
            instance = current;
            status = new ModuleStatus(
                    mailbox.module(),
                    group,
                    state,
                    since,
                    instance == null ? "" : instance.service().bundle(),
                    0,
                    restarts,
                    Health.HEALTHY);
        }
        Mailbox.Figures figures = mailbox.figures();
        return new ModuleStatus(
                status.name(),
                status.group(),
                status.state(),
                status.since(),
                status.bundle(),
                figures.queued() + figures.spilled(),
                status.restarts(),
                health(status.state(), instance));
    }

    private Health health(State now, ModuleInstance instance) {
        return switch (now) {
            case ACTIVE -> ask(instance.service().module());
            case STARTING -> Health.unhealthy("Starting", "start has not returned yet");
            case BACK_OFF -> Health.unhealthy("Failed", reason());
            case ABSENT -> Health.unhealthy("Absent", "no service with this module.name");
        };
    }

    private synchronized String reason() {
        return reason;
    }

    private static Health ask(EdgeModule module) {
        try {
            return module.health();
        } catch (RuntimeException | LinkageError e) {
            return Health.unhealthy("HealthFailed", e.toString());
        }
    }

    /** Reports a slow call and a deep queue; called about once a second by one thread. */
    void watch(long nanos, int deep) {
        AtWork now = atWork();
        watch.look(now.instance().flatMap(ModuleInstance::inWork), nanos);
        watch.look(now.state(), deep);
    }
}
