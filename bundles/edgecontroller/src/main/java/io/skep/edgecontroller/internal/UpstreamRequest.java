package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.ResourcePath;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;

/**
 * One message of a node, its resource string taken apart.
 *
 * @param message as it came
 * @param path with the node in it
 * @param needed whether the object is known to be used by a pod of the node
 */
record UpstreamRequest(Message message, ResourcePath path, boolean needed) {

    String node() {
        return path.node();
    }

    Content content() {
        return message.content();
    }

    /** The object of {@code kind} that the path names. */
    ObjectKey key(ResourceKind kind) {
        if (path.name().isEmpty()) {
            throw new KubeException(Status.of(Status.BAD_REQUEST, 400, "no name in " + path));
        }
        return new ObjectKey(kind, kind.namespaced() ? path.namespace() : "", path.name());
    }

    /** Refuses what a node says about another node. */
    void mustBeOwn(String nodeName) {
        if (!nodeName.equals(node())) {
            throw new KubeException(Status.of(
                    Status.FORBIDDEN, 403, "node \"" + node() + "\" cannot speak for node \"" + nodeName + "\""));
        }
    }
}
