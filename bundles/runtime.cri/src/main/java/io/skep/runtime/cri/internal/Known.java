package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerEvent.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far each container and sandbox has come, as it was told. A life goes only forward, so whatever order the news comes
 * in, each change is told once and in its order. Belongs to the thread of {@link ChangeWatch}.
 */
final class Known {

    private static final class Life {
        final String sandboxId;
        final String podUid;
        Type stage;

        Life(String sandboxId, String podUid, Type stage) {
            this.sandboxId = sandboxId;
            this.podUid = podUid;
            this.stage = stage;
        }

        boolean sandbox(String id) {
            return sandboxId.equals(id);
        }
    }

    private final Map<String, Life> lives = new HashMap<>();

    boolean has(String id) {
        return lives.containsKey(id);
    }

    boolean isSandbox(String id) {
        return has(id) && lives.get(id).sandbox(id);
    }

    /** Whether the end of it was told. */
    boolean ended(String id) {
        return !has(id) || lives.get(id).stage.compareTo(Type.STOPPED) >= 0;
    }

    Set<String> ids() {
        return Set.copyOf(lives.keySet());
    }

    /** Takes it as it is, nothing is told. */
    void take(String id, String sandboxId, String podUid, Type stage) {
        lives.putIfAbsent(id, new Life(sandboxId, podUid, stage));
    }

    /** Something new; what is known already only goes on. */
    List<ContainerEvent> began(String id, String sandboxId, String podUid, Type stage, Instant now) {
        if (has(id)) {
            return reached(id, stage, now);
        }
        Type first = sandboxId.equals(id) ? Type.STARTED : Type.CREATED;
        lives.put(id, new Life(sandboxId, podUid, first));
        List<ContainerEvent> events = new ArrayList<>();
        events.add(new ContainerEvent(first, sandboxId, id, podUid, now));
        events.addAll(reached(id, stage, now));
        return events;
    }

    /** What is to be told when it has come to {@code stage}; what it must have passed on the way included. */
    List<ContainerEvent> reached(String id, Type stage, Instant now) {
        Life life = lives.get(id);
        List<ContainerEvent> events = new ArrayList<>();
        if (life == null) {
            return events;
        }
        for (Type each : Type.values()) {
            // What is removed need not have run
            boolean passed = each.compareTo(life.stage) > 0 && each.compareTo(stage) <= 0;
            if (passed && !(stage == Type.DELETED && each == Type.STARTED)) {
                boolean never = stage == Type.DELETED && each == Type.STOPPED && life.stage == Type.CREATED;
                if (!never) {
                    events.add(new ContainerEvent(each, life.sandboxId, id, life.podUid, now));
                }
            }
        }
        if (stage.compareTo(life.stage) > 0) {
            life.stage = stage;
        }
        if (stage == Type.DELETED) {
            lives.remove(id);
        }
        return events;
    }
}
