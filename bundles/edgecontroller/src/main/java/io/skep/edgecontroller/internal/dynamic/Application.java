package io.skep.edgecontroller.internal.dynamic;

import static io.skep.core.api.application.Application.ERROR;
import static io.skep.core.api.application.Application.ERR_STATUS;
import static io.skep.core.api.application.Application.ID;
import static io.skep.core.api.application.Application.KEY;
import static io.skep.core.api.application.Application.NODE;
import static io.skep.core.api.application.Application.OPTION;
import static io.skep.core.api.application.Application.REASON;
import static io.skep.core.api.application.Application.REQUEST_BODY;
import static io.skep.core.api.application.Application.RESPONSE_BODY;
import static io.skep.core.api.application.Application.STATUS;
import static io.skep.core.api.application.Application.SUBRESOURCE;
import static io.skep.core.api.application.Application.VERB;
import static io.skep.core.api.application.Application.base64;

import io.skep.core.api.application.ApplicationAnswer;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.edgecontroller.internal.Json;
import io.skep.edgecontroller.internal.Wire;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Status;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request of a node's MetaServer. It is answered with itself, the result filled in: of the answer EdgeCore takes
 * {@code Status}, {@code Reason}, {@code Error} and {@code RespBody}.
 *
 * <p>As sent it is an {@link io.skep.core.api.application.Application}; here its fields are kept as they came.
 *
 * @param node that asks, as the hub knows it; what the application says of it counts nothing
 * @param fields as they came
 */
record Application(String node, Doc fields) {

    /** Most bytes of an object to be written, as Kubernetes' API server and EdgeCore's MetaServer have it. */
    static final int MOST_BODY_BYTES = 3 << 20;

    /** Most bytes of a result; in Base64 and beside the request it still fits into one message. */
    static final int MOST_RESULT_BYTES = 16 << 20;

    private static final int MOST_REQUEST_CHARS = 8 << 20;

    /** @throws io.skep.kube.api.KubeException {@code BadRequest} or {@code RequestEntityTooLarge} */
    static Application read(String node, Message message) {
        return new Application(node, content(message));
    }

    /** All applications a node has open, by ID. */
    static Map<String, Application> readAll(String node, Message message) {
        Doc all = content(message);
        Map<String, Application> applications = new LinkedHashMap<>();
        all.asMap().keySet().forEach(id -> applications.put(id, new Application(node, all.object(id))));
        return applications;
    }

    private static Doc content(Message message) {
        if (message.content().json().length() > MOST_REQUEST_CHARS) {
            throw Refusals.tooLarge("an application has at most " + MOST_REQUEST_CHARS + " characters");
        }
        return Json.object(message.content());
    }

    String id() {
        return fields.text(ID);
    }

    String key() {
        return fields.text(KEY);
    }

    String verb() {
        return fields.text(VERB);
    }

    String subresource() {
        return fields.text(SUBRESOURCE);
    }

    /** The options, which depend on the verb. */
    Doc option() {
        String text = decoded(OPTION);
        return text.isEmpty() || text.equals("null") ? Doc.EMPTY : Json.object(new Content.Json(text));
    }

    /** The object to be written. */
    Doc body() {
        String text = decoded(REQUEST_BODY);
        if (text.isEmpty()) {
            throw Refusals.badRequest("no object to " + verb());
        }
        return Json.object(new Content.Json(text));
    }

    private String decoded(String field) {
        return text(field, fields.text(field));
    }

    /** What Go's encoder makes of bytes, as text. */
    static String text(String field, String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw Refusals.badRequest(field + " is no Base64: " + e.getMessage());
        }
        if (bytes.length > MOST_BODY_BYTES) {
            throw Refusals.tooLarge("limit is " + MOST_BODY_BYTES + ", " + field + " has " + bytes.length + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The answer to a request that was done; {@code result} {@code ""} where there is none to show. */
    Application approved(String result) {
        return answered(ApplicationAnswer.APPROVED, Map.of("metadata", Map.of()), result);
    }

    /** The answer to a request that was not. */
    Application rejected(Status why) {
        Object status = Wire.errStatus(why).get(ERR_STATUS);
        return answered(ApplicationAnswer.REJECTED, status, "");
    }

    boolean isApproved() {
        return fields.text(STATUS).equals(ApplicationAnswer.APPROVED);
    }

    private Application answered(String status, Object error, String result) {
        Object bytes = result.isEmpty() ? null : base64(result);
        return new Application(
                node,
                fields.with(node, NODE)
                        .with(status, STATUS)
                        .with("", REASON)
                        .with(Map.of(ERR_STATUS, error), ERROR)
                        .with(bytes, RESPONSE_BODY));
    }
}
