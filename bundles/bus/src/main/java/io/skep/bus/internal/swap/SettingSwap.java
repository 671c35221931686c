package io.skep.bus.internal.swap;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.host.ModuleSwap;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts one setting in the place of another under a module's mailbox; {@link Swapper} does the same with bundles. */
final class SettingSwap {

    private static final Logger LOG = LoggerFactory.getLogger(SettingSwap.class);

    private final Journal journal;
    private final Gate gate;
    private final BooleanSupplier closing;

    /** @param closing whether the host of modules is going, so that nothing more can be tried */
    SettingSwap(Journal journal, Gate gate, BooleanSupplier closing) {
        this.journal = journal;
        this.gate = gate;
        this.closing = closing;
    }

    /** Sees a module through a change of its settings, and the former ones back when it is not well with the new. */
    SwapOperation configure(Progress progress, SettingChange change, ModuleSwap swap) {
        progress.step("configure", change.what());
        journal.write(progress.as(Outcome.RUNNING, ""));
        long began = System.nanoTime();
        SwapOperation ended;
        try {
            Optional<String> failure = taken(progress, change, swap);
            if (failure.isEmpty()) {
                change.accept();
                ended = progress.as(Outcome.SUCCEEDED, "");
            } else if (closing.getAsBoolean()) {
                ended = progress.as(Outcome.INTERRUPTED, "the module host stopped in the middle of it");
            } else {
                ended = formerBack(progress, change, swap, failure.get());
            }
        } finally {
            swap.flow();
        }
        progress.paused(Duration.ofNanos(System.nanoTime() - began));
        return progress.as(ended.outcome(), ended.reason());
    }

    private SwapOperation formerBack(Progress progress, SettingChange change, ModuleSwap swap, String why) {
        progress.step("rollback", why);
        String reason = change.what() + " refused: " + why;
        try {
            if (!change.restore()) {
                return progress.as(
                        Outcome.INTERRUPTED, reason + "; it was changed again meanwhile, and that is tried now");
            }
        } catch (IOException e) {
            return progress.as(Outcome.INTERRUPTED, reason + "; the former could not be put back: " + e.getMessage());
        }
        Optional<String> worse = taken(progress, change, swap);
        LOG.error("setting refused, the former is back: module={} {} reason={}", progress.module(), change.what(), why);
        return progress.as(
                Outcome.ROLLED_BACK,
                reason + worse.map(w -> "; the former is back, but " + w).orElse(""));
    }

    private Optional<String> taken(Progress progress, SettingChange change, ModuleSwap swap) {
        try {
            progress.step("start", "");
            Optional<String> failure = change.await(gate.limit(), closing);
            if (failure.isPresent()) {
                return failure;
            }
            progress.step("gate", "");
            Optional<String> unwell = swap.await(
                    gate, () -> closing.getAsBoolean() || change.failure().isPresent());
            return change.failure().or(() -> unwell);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("it was interrupted");
        }
    }
}
