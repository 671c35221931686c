package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.application.Application;
import io.skep.core.api.application.ApplicationAnswer;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.ResourcePath;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Questions about objects that no part of KubeEdge's cloud knows but its DynamicController: they are put as a MetaServer
 * puts its own. Where none answers, because it is off say, what was heard before still counts; what it has not got is
 * forgotten. Belongs to the module's thread.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/metaserver/agent}.
 */
final class Applications implements RemoteCalls.Dialect {

    /** Where the objects of a wire type are in the API; all are the cluster's, of no namespace. */
    private static final Map<String, String> PLACES = Map.of("runtimeclass", "/node.k8s.io/v1/runtimeclasses/null/");

    /** KubeEdge's MetaServer waits as long. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

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
        Application application = Application.get(PLACES.get(path.type()) + path.name());
        return Message.of(Application.route(), new Content.Json(Json.write(application.fields(rows.node()))))
                .withHeader(Header.create("").withSync(true));
    }

    @Override
    public CloudAnswer understood(Message asker, Message reply) {
        if (reply.isError() || !(Json.read(reply.content().json()) instanceof Map<?, ?> fields)) {
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE,
                    "the cloud did not do it: " + reply.content().json());
        }
        ApplicationAnswer answer = ApplicationAnswer.of(fields);
        Content object = new Content.Json(answer.result().orElseThrow(() -> refused(answer)));
        Route route = Route.of(
                ModuleNames.DYNAMIC_CONTROLLER,
                ModuleNames.GROUP_RESOURCE,
                Operation.RESPONSE,
                asker.route().resource());
        Message shown = reply.withRoute(route).withContent(object);
        return new CloudAnswer(shown, Optional.of(shown), Optional.empty());
    }

    private static EdgeException refused(ApplicationAnswer answer) {
        String text = answer.error().get("message") instanceof String said && !said.isEmpty()
                ? said
                : "the cloud did not do it: " + answer.reason();
        return new EdgeException(
                "NotFound".equals(answer.error().get("reason")) ? Reason.NOT_FOUND : Reason.SERVICE_UNAVAILABLE, text);
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
