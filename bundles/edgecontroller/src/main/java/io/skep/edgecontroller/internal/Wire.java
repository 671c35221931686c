package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.ResourcePath;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Status;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The shapes of messages to nodes.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/edgecontroller/controller}, {@code apis/common/types/types.go} (ObjectResp).
 */
public final class Wire {

    private static final String NO_NAMESPACE = "null";

    private Wire() {}

    /** An unasked push of a whole object. */
    static Message push(String node, String operation, KubeObject object) {
        return push(ModuleNames.EDGE_CONTROLLER, node, operation, object);
    }

    /** As {@link #push(String, String, KubeObject)}, signed by {@code source}. */
    public static Message push(String source, String node, String operation, KubeObject object) {
        String resource = resource(node, object.kind(), object.namespace(), object.name());
        Route route = Route.of(source, ModuleNames.GROUP_RESOURCE, operation, resource);
        Message message = Message.of(route, new Content.Json(Json.text(object)));
        return message.withHeader(message.header().withResourceVersion(object.resourceVersion()));
    }

    /** Tells a node that an object it was sent is gone; only its identity is left. */
    static Message gone(String node, String kind, String namespace, String name, String uid) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        if (!uid.isEmpty()) {
            metadata.put("uid", uid);
        }
        return Message.of(
                route(Operation.DELETE, resource(node, kind, namespace, name)),
                new Content.Json(Json.text(Map.of("metadata", metadata))));
    }

    /** Tells the hub that a node left the cluster; it never reaches the node. */
    static Message nodeDeleted(String node) {
        return Message.of(route(Operation.DELETE, "node/" + node + "/namespace/node/" + node), Content.EMPTY);
    }

    /** The answer to a node's request. */
    static Message answer(Message request, ResourcePath path, String resourceVersion, Content content) {
        Message message = request.reply(content).withRoute(route(Operation.RESPONSE, path.toString()));
        return message.withHeader(message.header().withResourceVersion(resourceVersion));
    }

    /** ObjectResp of a success: both keys are there, as the peer tells the shape by them. */
    static Content objectResp(KubeObject object) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("Object", object.doc().asMap());
        answer.put("Err", null);
        return new Content.Json(Json.text(answer));
    }

    /** ObjectResp of a failure. */
    static Content objectResp(Status failure) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("Object", null);
        answer.put("Err", errStatus(failure));
        return new Content.Json(Json.text(answer));
    }

    /** A failure where an object was asked for. */
    static Content failure(Status failure) {
        return new Content.Json(Json.text(errStatus(failure)));
    }

    /** A failure as Go's {@code StatusError} looks in JSON. */
    public static Map<String, Object> errStatus(Status failure) {
        return Map.of(
                "ErrStatus",
                failure.toObject().without("kind").without("apiVersion").doc().asMap());
    }

    private static Route route(String operation, String resource) {
        return Route.of(ModuleNames.EDGE_CONTROLLER, ModuleNames.GROUP_RESOURCE, operation, resource);
    }

    private static String resource(String node, String kind, String namespace, String name) {
        return ResourcePath.of(namespace.isEmpty() ? NO_NAMESPACE : namespace, kind.toLowerCase(Locale.ROOT), name)
                .onNode(node)
                .toString();
    }
}
