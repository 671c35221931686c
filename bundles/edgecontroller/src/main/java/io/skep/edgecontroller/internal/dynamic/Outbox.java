package io.skep.edgecontroller.internal.dynamic;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.edgecontroller.internal.Wire;
import io.skep.kube.api.KubeObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is to go to the hub, while that has no room: answers in order, and of each object for a node only the latest. State
 * of the module's thread. Bounded by the objects that are watched, and by {@link #MOST_ANSWERS}.
 */
final class Outbox {

    /** Answers that may wait; their askers give up after 10 s anyway. */
    static final int MOST_ANSWERS = 1024;

    private static final Duration NO_ROOM_PAUSE = Duration.ofMillis(100);

    private record Push(String node, String operation, KubeObject object) {}

    private final ModuleContext context;
    private final DynamicCounters counters;
    private final ArrayDeque<Message> answers = new ArrayDeque<>();
    private final Map<String, Push> pushes = new LinkedHashMap<>();
    private boolean resting;

    Outbox(ModuleContext context, DynamicCounters counters) {
        this.context = context;
        this.counters = counters;
    }

    void answer(Message answer) {
        if (answers.size() >= MOST_ANSWERS) {
            counters.lost();
            return;
        }
        answers.add(answer);
        drain();
    }

    void push(String node, String operation, KubeObject object) {
        String key = node + "/" + object.uid();
        Push before = pushes.get(key);
        boolean unseen =
                before != null && before.operation().equals(Operation.INSERT) && operation.equals(Operation.UPDATE);
        pushes.put(key, new Push(node, unseen ? Operation.INSERT : operation, object));
        drain();
    }

    /** The node is away: what it misses it is sent when it is back. */
    void forget(String node) {
        pushes.values().removeIf(push -> push.node().equals(node));
    }

    private void drain() {
        while (!resting && !(answers.isEmpty() && pushes.isEmpty())) {
            if (!answers.isEmpty()) {
                if (handOver(answers.peek())) {
                    answers.remove();
                }
            } else {
                String key = pushes.keySet().iterator().next();
                Push push = pushes.get(key);
                if (handOver(Wire.push(
                        ModuleNames.DYNAMIC_CONTROLLER,
                        push.node(),
                        push.operation(),
                        ApiServerEndpoints.onNode(push.object())))) {
                    pushes.remove(key);
                    counters.pushed(push.operation());
                }
            }
        }
    }

    private boolean handOver(Message message) {
        Delivery delivery = context.bus().send(ModuleNames.CLOUD_HUB, message);
        if (delivery == Delivery.REFUSED) {
            resting = true;
            context.after(NO_ROOM_PAUSE, () -> {
                resting = false;
                drain();
            });
            return false;
        }
        if (!delivery.taken()) {
            counters.lost();
        }
        return true;
    }
}
