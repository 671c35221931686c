package io.skep.edged.internal.probe;

import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleContext.Timer;
import io.skep.edged.internal.link.Gate;
import io.skep.edged.internal.spec.ProbeSpec;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * One probe of one instance of a container: its timer and its counters. Belongs to the module's thread; the tries run on
 * the worker pool, one at a time.
 */
public final class ProbeRun {

    /** A readiness probe that never passed is tried again sooner than its period: it costs little and an app is seen ready at once. */
    private static final Duration EAGER = Duration.ofMillis(250);

    /** Hears of each change of mind, and of each failed try. */
    public interface Listener {
        /** The probe passed its threshold of successes. */
        void good(ProbeSpec.Kind kind);

        /** One try passed, but not as it should. */
        void odd(ProbeSpec.Kind kind, String message);

        /** One try failed. */
        void failed(ProbeSpec.Kind kind, String message);

        /** It could not be tried, which changes nothing. */
        void untried(ProbeSpec.Kind kind, String message);

        /** The probe passed its threshold of failures. */
        void bad(ProbeSpec.Kind kind, String message);
    }

    private final ModuleContext context;
    private final Gate gate;
    private final String key;
    private final ProbeSpec spec;
    private final Callable<Outcome> check;
    private final Listener listener;
    private Duration eager = EAGER;
    private Timer timer = () -> {};
    private Instant due = Instant.MAX;
    private boolean stopped;
    private boolean everGood;
    private int successes;
    private int failures;

    public ProbeRun(
            ModuleContext context, Gate gate, String key, ProbeSpec spec, Callable<Outcome> check, Listener listener) {
        this.context = context;
        this.gate = gate;
        this.key = key;
        this.spec = spec;
        this.check = check;
        this.listener = listener;
    }

    /**
     * Begins.
     *
     * @param containerStarted from when the initial delay counts
     * @param good whether the probe passed before this process began
     */
    public void start(Instant containerStarted, boolean good) {
        everGood = good;
        // A start in the future means that the clock was put back: it is no later than now.
        Duration ran = Duration.between(containerStarted, context.clock().instant());
        Duration wait = spec.initialDelay().minus(ran.isNegative() ? Duration.ZERO : ran);
        schedule(wait.isNegative() ? Duration.ZERO : wait);
    }

    /** Goes on where a predecessor's {@link #left} says that it was. */
    public void resume(Doc left) {
        everGood = left.flag(false, "everGood");
        successes = (int) left.number(0, "successes");
        failures = (int) left.number(0, "failures");
        eager = Duration.ofMillis(left.number(EAGER.toMillis(), "eagerMillis"));
        Instant now = context.clock().instant();
        Duration wait = Duration.between(now, Times.parse(left.text("due")).orElse(now));
        // No further than a period: the clock may have been put back.
        Duration most = spec.initialDelay().compareTo(spec.period()) > 0 ? spec.initialDelay() : spec.period();
        schedule(wait.isNegative() ? Duration.ZERO : wait.compareTo(most) > 0 ? most : wait);
    }

    /** What is counted, for a successor. */
    public Doc left() {
        return Doc.of(Map.of(
                "everGood", everGood,
                "successes", successes,
                "failures", failures,
                "eagerMillis", eager.toMillis(),
                "due", due.toString()));
    }

    /** Ends; a try under way is ignored. */
    public void stop() {
        stopped = true;
        timer.cancel();
    }

    private void schedule(Duration wait) {
        due = context.clock().instant().plus(wait);
        timer = context.after(
                wait,
                () -> gate.work("probe/" + key, check, (outcome, error) -> {
                    if (!stopped) {
                        take(error == null ? outcome : Outcome.unknown(String.valueOf(error.getMessage())));
                    }
                }));
    }

    private void take(Outcome outcome) {
        switch (outcome.verdict()) {
            case PASSED -> passed(outcome.message());
            case FAILED -> failed(outcome.message());
            case UNKNOWN -> listener.untried(spec.kind(), outcome.message());
        }
        if (!stopped) {
            schedule(pause());
        }
    }

    private Duration pause() {
        boolean waiting = spec.kind() == ProbeSpec.Kind.READINESS && !everGood && successes == 0;
        if (!waiting || eager.compareTo(spec.period()) >= 0) {
            return spec.period();
        }
        Duration soon = eager;
        eager = eager.multipliedBy(2);
        return soon;
    }

    private void passed(String oddity) {
        if (!oddity.isEmpty()) {
            listener.odd(spec.kind(), oddity);
        }
        failures = 0;
        if (++successes >= spec.successThreshold()) {
            everGood = true;
            listener.good(spec.kind());
        }
    }

    private void failed(String message) {
        successes = 0;
        listener.failed(spec.kind(), message);
        if (++failures >= spec.failureThreshold() && !stopped) {
            failures = spec.failureThreshold();
            listener.bad(spec.kind(), message);
        }
    }
}
