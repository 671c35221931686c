package io.skep.edgehub.internal;

import io.skep.core.api.message.Message;
import java.util.Map;

/** What the cloud's answer means for a stored message. */
enum Verdict {
    /** Done. */
    TAKEN,
    /** It will never be taken: what it is about is gone, or it is wrong. */
    REFUSED,
    /** It may be taken later. */
    LATER;

    /**
     * Reads an answer: {@code {"Object":..., "Err":{"ErrStatus":{...}}}}, a bare {@code {"ErrStatus":{...}}}, a text, or
     * operation {@code error}.
     *
     * <p>Source: KubeEdge v1.22, {@code staging/src/github.com/kubeedge/api/apis/common/types/types.go}.
     */
    static Verdict of(OutboxClass kind, Message answer) {
        if (answer.isError()) {
            return unnamed(kind);
        }
        String text = answer.content().json();
        if (!text.startsWith("{") || text.endsWith("\"Err\":null}") || !text.contains("\"Err")) {
            return TAKEN;
        }
        Map<String, Object> content = Json.object(text);
        Map<String, Object> holder = content.containsKey("Err") ? Json.child(content, "Err") : content;
        Map<String, Object> status = Json.child(holder, "ErrStatus");
        Object reason = status.get("reason");
        if (status.isEmpty() && content.get("Err") != null) {
            return unnamed(kind); // CloudCore without a way to its API
        }
        if (status.isEmpty() || "Success".equals(status.get("status"))) {
            return TAKEN;
        }
        return switch (String.valueOf(reason)) {
            case "Conflict", "ServerTimeout", "Timeout", "TooManyRequests", "ServiceUnavailable", "InternalError" ->
                LATER;
            default -> REFUSED;
        };
    }

    /** An error without a reason to read: a state is worth another try, it is replaced or expires by itself. */
    private static Verdict unnamed(OutboxClass kind) {
        return kind == OutboxClass.STATUS ? LATER : REFUSED;
    }
}
