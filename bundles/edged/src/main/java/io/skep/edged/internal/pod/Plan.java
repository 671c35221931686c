package io.skep.edged.internal.pod;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to do next.
 *
 * @param actions steps to take now, none of them under way
 * @param wake when to look again though nothing happened
 */
record Plan(List<Action> actions, Optional<Instant> wake) {

    Plan {
        actions = List.copyOf(actions);
    }
}
