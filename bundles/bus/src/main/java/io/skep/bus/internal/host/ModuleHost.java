package io.skep.bus.internal.host;

import io.skep.bus.internal.mail.Mailbox;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs the modules: a slot for each name, kept when its service goes, so that a successor finds mailbox and handover.
 * Thread-safe. {@link #remove} and {@link #close} wait for modules, each for the drain limit at most.
 */
public final class ModuleHost implements ModuleRegistry {

    private final Platform platform;
    private final Map<String, ModuleSlot> slots = new TreeMap<>();
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    private final int deep;
    private boolean open;
    private ScheduledFuture<?> watch;

    /** A host whose modules wait for {@link #open}; queues of {@code deep} messages are reported. */
    public ModuleHost(Platform platform, int deep) {
        this.platform = platform;
        this.deep = deep;
    }

    /** Makes the place of a module that is to come, so that its messages wait for it. */
    public void expect(String group, Mailbox mailbox) {
        expected.add(mailbox.module());
        slot(mailbox, group);
    }

    private ModuleSlot slot(Mailbox mailbox, String group) {
        boolean started;
        ModuleSlot slot;
        synchronized (this) {
            slot = slots.computeIfAbsent(mailbox.module(), name -> new ModuleSlot(mailbox, group, platform));
            started = open;
        }
        if (started) {
            slot.open();
        }
        return slot;
    }

    /** Takes a service in; it starts on its own thread, once the host is open and its predecessor is gone. */
    public void add(ModuleService service, Mailbox mailbox) {
        slot(mailbox, service.group()).add(service);
    }

    /** Drains and stops a service that goes, and starts the next of its name if one waits. */
    public void remove(String name, long serviceId) {
        ModuleSlot slot;
        synchronized (this) {
            slot = slots.get(name);
        }
        if (slot != null) {
            slot.remove(serviceId);
        }
    }

    /** Lets all modules start. */
    public void open() {
        List<ModuleSlot> all;
        synchronized (this) {
            open = true;
            all = List.copyOf(slots.values());
            watch = platform.timer().scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
        }
        all.forEach(ModuleSlot::open);
    }

    private void watch() {
        long now = System.nanoTime();
        all().forEach(slot -> slot.watch(now, deep));
    }

    private synchronized List<ModuleSlot> all() {
        return List.copyOf(slots.values());
    }

    /** Whether a service of this name is at work or waits to be. */
    public boolean isPresent(String name) {
        ModuleSlot slot;
        synchronized (this) {
            slot = slots.get(name);
        }
        return slot != null && slot.isPresent();
    }

    /** See {@link SwapHost#beginSwap}. */
    public ModuleSwap beginSwap(String name) {
        ModuleSlot slot;
        synchronized (this) {
            slot = slots.get(name);
        }
        if (slot == null) {
            throw new EdgeException(Reason.NOT_FOUND, "there is no module " + name);
        }
        return slot.beginSwap();
    }

    /** Forgets a module that is absent. */
    public synchronized void forget(String name) {
        slots.remove(name);
    }

    /** Leaves what a former bus of this process kept for a module to its next instance. */
    public synchronized void inherit(String name, Handover handover) {
        ModuleSlot slot = slots.get(name);
        if (slot != null) {
            slot.inherit(handover);
        }
    }

    /** Stops all modules, side by side, and returns what they left, by name. */
    public Map<String, Handover> close() {
        Map<String, ModuleSlot> all;
        synchronized (this) {
            open = false;
            all = new LinkedHashMap<>(slots);
            if (watch != null) {
                watch.cancel(false);
            }
        }
        all.values().forEach(ModuleSlot::drain);
        Map<String, Handover> left = new LinkedHashMap<>();
        all.forEach((name, slot) -> left.put(name, slot.close()));
        left.values().removeIf(Handover::isEmpty);
        return left;
    }

    @Override
    public List<ModuleStatus> list() {
        List<ModuleStatus> list = new ArrayList<>();
        all().forEach(slot -> list.add(slot.status()));
        return List.copyOf(list);
    }

    /**
     * Healthy when all modules are that are there or expected; one that somebody switched off for good has only its mailbox here.
     * Any thread.
     */
    public Health health() {
        List<String> bad = list().stream()
                .filter(m -> m.state() != State.ABSENT || expected.contains(m.name()))
                .filter(m -> !m.health().ok())
                .map(m ->
                        m.name() + ": " + m.health().reason() + " " + m.health().message())
                .toList();
        return bad.isEmpty() ? Health.HEALTHY : Health.unhealthy("ModulesNotReady", String.join("; ", bad));
    }
}
