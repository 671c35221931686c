package io.skep.cloudhub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import java.util.Map;

/**
 * What a node hears of a module that is not here.
 *
 * <p>Source: KubeEdge v1.22 {@code pkg/metaserver/application.go}, {@code cloud/pkg/dynamiccontroller/application}.
 */
final class Unsupported {

    private static final String WATCHES = "watchapp/sync";
    private static final String APPLICATION = "ignore/Application/ignore";
    private static final String APPLICATION_RESPONSE = "applicationResponse";

    private Unsupported() {}

    /** The answer to a request of a node for {@code module}. */
    static Message answer(Message request, String module) {
        String why = "not supported yet: there is no " + module + " here";
        return module.equals(ModuleNames.DYNAMIC_CONTROLLER)
                ? application(request, why)
                : NodeSession.addressed(
                        request.error(ModuleNames.CLOUD_HUB, new EdgeException(Reason.BAD_REQUEST, why)));
    }

    /**
     * An application that was turned down has EdgeCore's MetaServer answer from what the node has, or, for a change, with the
     * error. It tells the cloud which watches it has and expects those that failed: all of them.
     */
    private static Message application(Message request, String why) {
        boolean watches = request.route().resource().endsWith(WATCHES);
        Content content = watches ? request.content() : new Content.Json(Json.text(turnedDown(why)));
        Route back = Route.of(
                ModuleNames.DYNAMIC_CONTROLLER,
                ModuleNames.GROUP_RESOURCE,
                APPLICATION_RESPONSE,
                watches ? WATCHES : APPLICATION);
        return new Message(Header.create(request.id()), back, content);
    }

    private static Map<String, Object> turnedDown(String why) {
        Map<String, Object> status = Map.of(
                "metadata",
                Map.of(),
                "status",
                "Failure",
                "message",
                why,
                "reason",
                Reason.SERVICE_UNAVAILABLE.status(),
                "code",
                Reason.SERVICE_UNAVAILABLE.code());
        return Map.of("Status", "Rejected", "Reason", why, "Error", Map.of("ErrStatus", status));
    }
}
