package io.skep.metamanager.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import java.util.Map;
import java.util.Optional;

/**
 * A reply of the cloud, understood. It may be a plain object, KubeEdge's {@code {"Object":…,"Err":…}}, a bare
 * {@code {"ErrStatus":…}} or {@code {}} for a failure, or a text.
 *
 * <p>Source: KubeEdge v1.22, {@code cloud/pkg/edgecontroller/controller/upstream.go} and
 * {@code staging/src/github.com/kubeedge/api/apis/common/types/types.go}.
 *
 * @param reply as it came
 * @param object the reply with nothing but the object as content, when there is one worth keeping
 * @param failure what the cloud refused a plain question with
 */
record CloudAnswer(Message reply, Optional<Message> object, Optional<Content.Failure> failure) {

    static CloudAnswer of(Message reply) {
        if (reply.isError() || !(reply.content() instanceof Content.Json json)) {
            return new CloudAnswer(reply, Optional.empty(), Optional.empty());
        }
        Object tree = Json.read(json.json());
        if (!(tree instanceof Map<?, ?> map)) {
            boolean text = tree == null || Content.OK.equals(json);
            return new CloudAnswer(reply, text ? Optional.empty() : Optional.of(reply), Optional.empty());
        }
        if (map.containsKey("Object") && map.containsKey("Err")) {
            return new CloudAnswer(reply, wrapped(reply, map), Optional.empty());
        }
        if (map.get("ErrStatus") instanceof Map<?, ?> status) {
            return new CloudAnswer(reply, Optional.empty(), Optional.of(failure(status)));
        }
        if (map.isEmpty()) {
            Content.Failure unnamed = new Content.Failure("InternalError", "the cloud answered with an unnamed error");
            return new CloudAnswer(reply, Optional.empty(), Optional.of(unnamed));
        }
        return new CloudAnswer(reply, Optional.of(reply), Optional.empty());
    }

    private static Optional<Message> wrapped(Message reply, Map<?, ?> map) {
        if (map.get("Err") != null || !(map.get("Object") instanceof Map<?, ?> object)) {
            return Optional.empty();
        }
        return Optional.of(reply.withContent(new Content.Json(Json.write(object))));
    }

    private static Content.Failure failure(Map<?, ?> status) {
        Object reason = status.get("reason");
        Object message = status.get("message");
        return new Content.Failure(
                reason instanceof String text && !text.isEmpty() ? text : "InternalError", String.valueOf(message));
    }

    /** Whether the reply is an error message, which the cloud does not want acknowledged. */
    boolean isError() {
        return reply.isError();
    }

    /** The answer for one of those who asked. */
    Message to(Message asker) {
        Header header = reply.header();
        Header mine =
                new Header(header.id(), asker.id(), header.created(), header.resourceVersion(), false, header.type());
        if (failure.isEmpty()) {
            return reply.withHeader(mine);
        }
        Route error = Route.of(
                ModuleNames.META_MANAGER,
                reply.route().group(),
                Operation.ERROR,
                reply.route().resource());
        return new Message(mine, error, failure.get());
    }
}
