package io.skep.edgehub.internal;

import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.ResourcePath;
import java.util.Locale;

/** How a message to the cloud is treated. */
enum OutboxClass {
    /** State of a pod or node: kept, a newer one replaces an older one, leaves when the cloud has answered. */
    STATUS,
    /** Kubernetes events: kept in order up to a quota. */
    EVENT,
    /** Data for the cloud's applications: kept in order up to a quota. */
    UPLOAD,
    /** Device data and the rest: kept in order up to a quota. */
    OTHER,
    /** Worth something only now (leases, acknowledgements): never kept. */
    PASSING;

    /** The class of a message that nobody waits for. */
    static OutboxClass of(Message message) {
        String operation = message.route().operation();
        if (Operation.RESPONSE.equals(operation) || Operation.ERROR.equals(operation) || message.isReply()) {
            return PASSING;
        }
        if (Operation.UPLOAD.equals(operation)) {
            return UPLOAD;
        }
        String type = ResourcePath.parse(message.route().resource())
                .map(ResourcePath::type)
                .orElse("");
        return switch (type) {
            case "podpatch", "podstatus", "nodepatch", "nodestatus" -> STATUS;
            case "event" -> EVENT;
            case "lease" -> PASSING;
            default -> OTHER;
        };
    }

    /** The word in metrics, keys and the shell. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the cloud answers it on KubeEdge's wire. */
    boolean answered() {
        return this == STATUS;
    }
}
