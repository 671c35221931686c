package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.ResourcePath;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Questions about objects that no part of KubeEdge's cloud knows but its DynamicController: they are put as a MetaServer
 * puts its own. Where none answers, because it is off say, what was heard before still counts; what it has not got is
 * forgotten. Belongs to the module's thread.
 *
 * <p>Source: KubeEdge v1.22, {@code pkg/metaserver/application.go} and {@code edge/pkg/metamanager/metaserver/agent}.
 */
final class Applications implements RemoteCalls.Dialect {

    /** Where the objects of a wire type are in the API; all are the cluster's, of no namespace. */
    private static final Map<String, String> PLACES = Map.of("runtimeclass", "/node.k8s.io/v1/runtimeclasses/null/");

    /** KubeEdge's MetaServer waits as long. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final String NONE = "null";
    private static final String GET = "get";
    private static final String NO_OPTIONS = "{}";
    private static final String ZERO_TIME = "0001-01-01T00:00:00Z";

    private final Rows rows;

    Applications(Rows rows) {
        this.rows = rows;
    }

    /** Whether this is how the cloud is asked for what is at a path. */
    static boolean treats(ResourcePath path) {
        return PLACES.containsKey(path.type()) && !path.name().isEmpty();
    }

    @Override
    public Duration timeout() {
        return TIMEOUT;
    }

    @Override
    public Message question(Message asker) {
        ResourcePath path = ResourcePath.parse(asker.route().resource()).orElseThrow();
        String key = PLACES.get(path.type()) + path.name();
        String node = rows.node();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("ID", id(node + key + GET + NO_OPTIONS));
        tree.put("Key", key);
        tree.put("Verb", GET);
        tree.put("Nodename", node);
        tree.put("Option", Base64.getEncoder().encodeToString(NO_OPTIONS.getBytes(StandardCharsets.UTF_8)));
        tree.put("ReqBody", null);
        tree.put("Subresource", "");
        tree.put("RespBody", null);
        tree.put("Status", "InApplying");
        tree.put("Reason", "");
        tree.put("Error", Map.of("ErrStatus", Map.of("metadata", Map.of())));
        tree.put("Timestamp", ZERO_TIME);
        // CloudHub lets a MetaServer ask, and nobody else.
        Route route = Route.of(ModuleNames.META_SERVER, ModuleNames.DYNAMIC_CONTROLLER, NONE, NONE);
        return Message.of(route, new Content.Json(Json.write(tree)))
                .withHeader(Header.create("").withSync(true));
    }

    private static String id(String all) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "no SHA-256", e);
        }
    }

    @Override
    public CloudAnswer understood(Message asker, Message reply) {
        if (reply.isError() || !(Json.read(reply.content().json()) instanceof Map<?, ?> application)) {
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE,
                    "the cloud did not do it: " + reply.content().json());
        }
        if (!(application.get("RespBody") instanceof String body) || body.isEmpty()) {
            throw refused(application);
        }
        try {
            Content object = new Content.Json(new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8));
            Route route = Route.of(
                    ModuleNames.DYNAMIC_CONTROLLER,
                    ModuleNames.GROUP_RESOURCE,
                    Operation.RESPONSE,
                    asker.route().resource());
            Message answer = reply.withRoute(route).withContent(object);
            return new CloudAnswer(answer, Optional.of(answer), Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new EdgeException(Reason.INVALID, "the cloud's answer is no Base64: " + e.getMessage(), e);
        }
    }

    private static EdgeException refused(Map<?, ?> application) {
        Map<?, ?> status = application.get("Error") instanceof Map<?, ?> error
                        && error.get("ErrStatus") instanceof Map<?, ?> inside
                ? inside
                : Map.of();
        Object message = status.get("message");
        String text = message instanceof String said && !said.isEmpty()
                ? said
                : "the cloud did not do it: " + application.get("Reason");
        return new EdgeException(
                "NotFound".equals(status.get("reason")) ? Reason.NOT_FOUND : Reason.SERVICE_UNAVAILABLE, text);
    }

    @Override
    public Message instead(Message asker, EdgeException why) {
        String key = asker.route().resource();
        if (why.reason() == Reason.NOT_FOUND) {
            rows.delete(List.of(key));
        }
        return Optional.of(key)
                .filter(k -> why.reason() != Reason.NOT_FOUND)
                .flatMap(rows::value)
                .map(kept -> Queries.kept(asker, List.of(kept)))
                .orElseGet(() -> asker.error(ModuleNames.META_MANAGER, why));
    }
}
