package io.skep.edged.internal.link;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Doc;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What MetaManager or the cloud answered, whatever shape it came in: a local list, a plain object, KubeEdge's
 * {@code {"Object":…,"Err":…}}, a bare {@code ErrStatus}, or the text {@code OK}.
 *
 * @param docs the objects in the answer, none for {@code OK}
 */
public record Answer(List<Doc> docs) {

    public Answer {
        docs = List.copyOf(docs);
    }

    /** The only object, when there is one. */
    public Optional<Doc> doc() {
        return docs.stream().findFirst();
    }

    /**
     * Reads a reply.
     *
     * @throws EdgeException with the reason the other side gave
     */
    public static Answer of(Message reply) {
        if (reply.content() instanceof Content.Failure failure) {
            throw new EdgeException(reason(failure.reason()), failure.message());
        }
        Object content = Json.read(reply.content().json());
        if (reply.isError()) {
            throw new EdgeException(Reason.INTERNAL_ERROR, String.valueOf(content));
        }
        if (content instanceof List<?> list) {
            return new Answer(list.stream()
                    .map(item -> item instanceof Map<?, ?> map ? Json.object(map) : Json.object(String.valueOf(item)))
                    .toList());
        }
        if (content instanceof Map<?, ?> map) {
            return new Answer(List.of(unwrap(
                    Json.object(map),
                    ModuleNames.META_MANAGER.equals(reply.route().source()))));
        }
        return new Answer(List.of());
    }

    private static Doc unwrap(Doc content, boolean local) {
        if (content.asMap().containsKey("Object") && content.asMap().containsKey("Err")) {
            refuse(content.object("Err"));
            if (content.asMap().get("Err") != null) {
                // CloudCore without a way to its API: no status, and beside it an object of no name.
                throw unnamed();
            }
            return content.object("Object");
        }
        refuse(content);
        if (content.isEmpty() && !local) {
            throw unnamed();
        }
        return content;
    }

    private static EdgeException unnamed() {
        return new EdgeException(Reason.INTERNAL_ERROR, "the cloud answered with an error it did not name");
    }

    private static void refuse(Doc error) {
        if (error.has("ErrStatus")) {
            throw new EdgeException(reason(error.text("ErrStatus", "reason")), error.text("ErrStatus", "message"));
        }
    }

    private static Reason reason(String status) {
        for (Reason reason : Reason.values()) {
            if (reason.status().equals(status)) {
                return reason;
            }
        }
        return Reason.INTERNAL_ERROR;
    }
}
