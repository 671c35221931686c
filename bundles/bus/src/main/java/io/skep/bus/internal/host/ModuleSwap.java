package io.skep.bus.internal.host;

import io.skep.bus.internal.host.ModuleSlot.AtWork;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleRegistry.State;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A module being replaced. The handover its first instance left goes to each successor that is tried, so that one that
 * fails costs nothing; messages wait in the mailbox until {@link #flow}.
 */
public final class ModuleSwap {

    private static final long LOOK_MILLIS = 5;

    private final ModuleSlot slot;
    private final Health before;
    private Optional<Handover> kept;

    /** A swap of a module that was {@code before}; {@code kept} is what it left if it is gone already. */
    ModuleSwap(ModuleSlot slot, Health before, Optional<Handover> kept) {
        this.slot = slot;
        this.before = before;
        this.kept = kept;
    }

    /** The handover for the next instance when one has left {@code left}; guarded by the slot's lock. */
    Handover keep(Handover left) {
        if (kept.isEmpty()) {
            kept = Optional.of(left);
        }
        return kept.get();
    }

    /**
     * Waits until the module at work is active, healthy (or as unhealthy as its predecessor was: a missing cloud is not
     * the new module's fault) and answers on its own thread. Blocks, for the gate's limit at most.
     *
     * @param abort asked again and again; ends the wait early
     * @return why it isn't so, in one sentence; empty when it is
     */
    public Optional<String> await(Gate gate, BooleanSupplier abort) throws InterruptedException {
        return await(gate, abort, before);
    }

    /** As {@link #await(Gate, BooleanSupplier)} for a module without predecessor: it must be healthy. */
    public Optional<String> awaitHealthy(Gate gate, BooleanSupplier abort) throws InterruptedException {
        return await(gate, abort, Health.HEALTHY);
    }

    private Optional<String> await(Gate gate, BooleanSupplier abort, Health former) throws InterruptedException {
        BooleanSupplier over = gate.begin();
        ModuleInstance probed = null;
        CompletableFuture<Void> probe = new CompletableFuture<>();
        AtWork work = slot.atWork();
        while (!over.getAsBoolean() && !abort.getAsBoolean()) {
            work = slot.atWork();
            if (work.state() == State.BACK_OFF) {
                return Optional.of("the module failed " + work.reason());
            }
            ModuleInstance instance = work.instance().orElse(null);
            if (work.state() == State.ACTIVE && instance != probed) {
                probed = instance;
                probe = instance.probe();
            }
            if (work.state() == State.ACTIVE && probe.isDone() && isGoodEnough(slot.health(work), former)) {
                return Optional.empty();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return Optional.of(why(work, probe.isDone(), gate.limit()));
    }

    private static boolean isGoodEnough(Health now, Health former) {
        return now.ok() || !former.ok() && now.reason().equals(former.reason());
    }

    private String why(AtWork work, boolean answered, Duration limit) {
        String within = " within " + limit.toSeconds() + " s";
        return switch (work.state()) {
            case ABSENT -> "the bundle did not register the module" + within;
            case STARTING -> "start of the module did not return" + within;
            case BACK_OFF -> "the module failed " + work.reason();
            case ACTIVE -> {
                Health health = slot.health(work);
                yield answered
                        ? "the module was not healthy" + within + ": " + health.reason() + " " + health.message()
                        : "the module did not answer" + within;
            }
        };
    }

    /** Ends the swap: messages flow to whatever is at work. May be called twice. */
    public void flow() {
        slot.endSwap(this);
    }
}
