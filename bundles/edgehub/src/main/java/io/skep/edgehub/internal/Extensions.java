package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;

/** Questions beyond KubeEdge's wire: they go to a cloud of our own kind and to no other. */
final class Extensions {

    /** MetaManager's, when it has lost its memory. Every cloud of ours answers it, so it needs no feature of its own. */
    private static final String SEND_ALL = "default/podlist";

    private Extensions() {}

    /** Whether the cloud at the other end can make something of the question, or nobody is there who could not. */
    static boolean knows(CloudLine line, Message question) {
        return !question.route().resource().equals(SEND_ALL)
                || line.link().isEmpty()
                || line.agreedTo(CloudLine.UPSTREAM_ACK);
    }

    /** The resource whose state a request must not overtake, or {@code ""}: a pod's deletion its status. */
    static String goesAfter(Message request) {
        return Operation.DELETE.equals(request.route().operation())
                ? request.route().resource().replaceFirst("/pod/", "/podpatch/")
                : "";
    }

    static EdgeException unknown(Message question) {
        return new EdgeException(
                Reason.BAD_REQUEST,
                "not on KubeEdge's wire: " + question.route().operation() + " "
                        + question.route().resource());
    }
}
