package io.skep.cloudhub.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleNames;
import java.util.Set;

/**
 * How a message to a node is delivered. Changed from KubeEdge: Nodes and leases that a node watches are acknowledged like
 * any object, and only the node's own leaving ends its session.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/cloudhub/dispatcher/message_dispatcher.go}.
 */
enum DeliveryClass {
    /** Kept until the node acknowledges it. */
    ACK,
    /** Sent once; who cares asks again. */
    NO_ACK,
    /** Not sent: the node left the cluster. */
    END_SESSION;

    private static final Set<String> CSI_OPERATIONS =
            Set.of("createvolume", "deletevolume", "controllerpublishvolume", "controllerunpublishvolume");
    private static final Set<String> NO_ACK_SOURCES = Set.of(ModuleNames.TASK_MANAGER, "nodeupgradejobcontroller");
    private static final String[] NO_ACK_RESOURCES = {
        "podlist", "membership", "twin/cloud_updated", "serviceaccounttoken", "k8s/ca.crt"
    };
    private static final Set<String> NO_ACK_TYPES =
            Set.of("node", "lease", "nodepatch", "pod", "podpatch", "podstatus", "certificatesigningrequest");

    /** Sorts a message whose resource still carries the node; the first rule that fits wins. */
    static DeliveryClass of(Message message) {
        String resource = message.route().resource();
        String operation = message.route().operation();
        String type = segment(resource, 3);
        if (type.equals("node")
                && operation.equals(Operation.DELETE)
                && segment(resource, 4).equals(segment(resource, 1))) {
            return END_SESSION;
        }
        for (String part : NO_ACK_RESOURCES) {
            if (resource.contains(part)) {
                return NO_ACK;
            }
        }
        boolean response = operation.equals(Operation.RESPONSE);
        boolean once = CSI_OPERATIONS.contains(operation)
                || operation.equals("applicationResponse")
                || operation.equals(Operation.ERROR)
                || ModuleNames.GROUP_USER.equals(message.route().group())
                || ModuleNames.GROUP_OPERATIONS.equals(message.route().group())
                || NO_ACK_SOURCES.contains(message.route().source())
                || response && isPlain(message.content())
                || response
                        && ModuleNames.EDGE_CONTROLLER.equals(message.route().source())
                        && NO_ACK_TYPES.contains(type);
        return once ? NO_ACK : ACK;
    }

    private static boolean isPlain(Content content) {
        return content instanceof Content.Failure || content.json().equals(Content.OK.json());
    }

    private static String segment(String resource, int index) {
        String[] parts = resource.split("/");
        return parts.length > index ? parts[index] : "";
    }
}
