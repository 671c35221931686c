package io.skep.edgehub.internal;

import io.skep.core.api.module.ModuleContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What waits for an object's state to be with the cloud: a pod that is deleted before its last status arrived takes with
 * it how its containers ended. Nothing waits longer than {@link #LIMIT}. Belongs to the module's thread.
 */
final class LastWords {

    static final Duration LIMIT = Duration.ofSeconds(5);

    private final ModuleContext context;
    private final Map<String, List<Runnable>> waiting = new HashMap<>();

    LastWords(ModuleContext context) {
        this.context = context;
    }

    void await(String key, Runnable then) {
        waiting.computeIfAbsent(key, any -> new ArrayList<>()).add(then);
        context.after(LIMIT, () -> giveUp(key, then));
    }

    private void giveUp(String key, Runnable then) {
        List<Runnable> still = waiting.get(key);
        if (still != null && still.remove(then)) {
            if (still.isEmpty()) {
                waiting.remove(key);
            }
            then.run();
        }
    }

    /** The state has left, whichever way. */
    void left(String key) {
        List<Runnable> released = waiting.remove(key);
        if (released != null) {
            released.forEach(Runnable::run);
        }
    }

    /** There is no link or no successor that could go on waiting. */
    void all() {
        List.copyOf(waiting.keySet()).forEach(this::left);
    }
}
