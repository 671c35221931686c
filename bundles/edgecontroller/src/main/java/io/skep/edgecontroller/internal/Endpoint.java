package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Content;
import io.skep.kube.api.Status;
import java.util.Optional;

/**
 * How one type and operation is treated and answered.
 *
 * @param shape of the answer
 * @param versioned whether the answer's header carries the object's resource version
 * @param area first part of the key that keeps work on one object in order
 * @param action the work; worker threads, may block on the store, throws {@code KubeException}
 */
record Endpoint(Shape shape, boolean versioned, String area, Action action) {

    /** Treats a request. */
    @FunctionalInterface
    interface Action {
        Reply apply(UpstreamRequest request);
    }

    /** The shapes of KubeEdge's answers. */
    enum Shape {
        /** The object itself; a failure is its status. */
        PLAIN,
        /** {@code {"Object":…,"Err":…}}. */
        OBJECT_RESP,
        /** {@code "OK"}; a failure is its status. */
        OK,
        /** {@code "OK"}; a failure is its text. */
        OK_OR_TEXT,
        /** No answer at all. */
        SILENT
    }

    Optional<Content> success(Reply reply) {
        return switch (shape) {
            case PLAIN -> reply.object().map(o -> new Content.Json(Json.text(o)));
            case OBJECT_RESP -> reply.object().map(Wire::objectResp);
            case OK, OK_OR_TEXT -> Optional.of(Content.OK);
            case SILENT -> Optional.empty();
        };
    }

    Optional<Content> failure(Status status) {
        return switch (shape) {
            case PLAIN, OK -> Optional.of(Wire.failure(status));
            case OBJECT_RESP -> Optional.of(Wire.objectResp(status));
            case OK_OR_TEXT -> Optional.of(new Content.Json(Json.text(status.message())));
            case SILENT -> Optional.empty();
        };
    }

    String resourceVersion(Reply reply) {
        return versioned ? reply.object().map(o -> o.resourceVersion()).orElse("") : "";
    }
}
