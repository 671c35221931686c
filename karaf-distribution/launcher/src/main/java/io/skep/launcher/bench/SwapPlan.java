package io.skep.launcher.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which module is replaced by what, in an order that a seed decides. */
final class SwapPlan {

    private static final int ONE_BAD_IN = 4;

    /** One replacement. */
    record Step(SwapTarget target, SwapVersion version) {}

    private SwapPlan() {}

    /**
     * Each target {@code times} times, a quarter of them (rounded up) by a bad version, each kind of which gets its turn.
     */
    static List<Step> of(List<SwapTarget> targets, int times, Random random) {
        List<SwapVersion> bad = new ArrayList<>(SwapVersion.bad());
        Collections.shuffle(bad, random);
        List<Step> steps = new ArrayList<>();
        int faults = 0;
        for (SwapTarget target : targets) {
            for (int i = 0; i < times; i++) {
                boolean isBad = target.isModule() && i % ONE_BAD_IN == 0;
                steps.add(new Step(target, isBad ? bad.get(faults++ % bad.size()) : SwapVersion.GOOD));
            }
        }
        Collections.shuffle(steps, random);
        return List.copyOf(steps);
    }
}
