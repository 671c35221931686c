package io.skep.edged.internal.pod;

import io.skep.core.api.module.ModuleContext.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the pods before the machine goes down, the critical ones after all others; told so, never guessed: a process that
 * ends in any other way leaves its pods running. Belongs to the module's thread.
 *
 * <p>Other than kubelet's, the pods do not fail by it: nothing here would make them anew, and with the machine they must
 * come back, without the cloud too. So it is remembered nowhere either, and over when edged starts again.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/nodeshutdown}.
 */
final class NodeShutdown {

    private static final Logger LOG = LoggerFactory.getLogger(NodeShutdown.class);

    /** A kill at the end of a grace takes a moment to be seen. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private enum Step {
        NONE,
        OTHERS,
        CRITICAL,
        OVER
    }

    private final PodHost host;
    private final ShutdownPolicy policy;
    private final Supplier<Collection<PodWorker>> pods;
    private final List<Runnable> waiting = new ArrayList<>();
    private Step step = Step.NONE;
    private boolean moving;
    private Timer deadline = () -> {};

    NodeShutdown(PodHost host, ShutdownPolicy policy, Supplier<Collection<PodWorker>> pods) {
        this.host = host;
        this.policy = policy;
        this.pods = pods;
    }

    boolean begun() {
        return step != Step.NONE;
    }

    /** Begins, if it has not; {@code done} is called when nothing lives any more, or the time is over. */
    void begin(Runnable done) {
        if (policy.grace().isZero()) {
            done.run();
            return;
        }
        waiting.add(done);
        if (step == Step.NONE) {
            LOG.info("node is shutting down: pods={} grace={}", pods.get().size(), policy.grace());
            host.events().node("Normal", "NodeShutdown", "Shutdown manager detected shutdown event");
            enter(Step.OTHERS);
        }
        look();
    }

    /** Goes on when the pods of the present step have ended. */
    void look() {
        if (!moving) {
            while (running() && group().stream().allMatch(PodWorker::rests)) {
                next();
            }
            if (step == Step.OVER) {
                List<Runnable> told = List.copyOf(waiting);
                waiting.clear();
                told.forEach(Runnable::run);
            }
        }
    }

    /** A pod that came while the node is shutting down is not begun. */
    void join(PodWorker worker) {
        if (begun()) {
            worker.halt(time());
        }
    }

    void stop() {
        deadline.cancel();
    }

    private boolean running() {
        return step == Step.OTHERS || step == Step.CRITICAL;
    }

    private void next() {
        deadline.cancel();
        enter(step == Step.OTHERS ? Step.CRITICAL : Step.OVER);
    }

    private void enter(Step entered) {
        step = entered;
        if (!running()) {
            LOG.info(
                    "node is ready to go down: living={}",
                    pods.get().stream().filter(PodWorker::lives).count());
            return;
        }
        // What ends at once tells so at once: the step is looked at when all of it was asked to end.
        moving = true;
        group().forEach(worker -> worker.halt(time()));
        moving = false;
        deadline = host.context().after(time().plus(SLACK), () -> {
            LOG.warn("pods have not ended in time: step={} grace={}", step, time());
            next();
            look();
        });
    }

    private Duration time() {
        return step == Step.OTHERS ? policy.grace().minus(policy.critical()) : policy.critical();
    }

    private List<PodWorker> group() {
        boolean critical = step == Step.CRITICAL;
        return pods.get().stream().filter(w -> w.critical() == critical).toList();
    }
}
