package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Message;
import io.skep.kube.api.KubeObject;
import java.util.List;
import java.util.Optional;

/**
 * What a request came to.
 *
 * @param object to answer with; empty where the answer is a plain OK or none
 * @param pushes further messages to nodes that follow from it
 */
record Reply(Optional<KubeObject> object, List<Message> pushes) {

    static final Reply DONE = new Reply(Optional.empty(), List.of());

    Reply {
        pushes = List.copyOf(pushes);
    }

    static Reply of(KubeObject object) {
        return new Reply(Optional.of(object), List.of());
    }
}
