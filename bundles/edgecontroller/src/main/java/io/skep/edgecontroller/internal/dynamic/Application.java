package io.skep.edgecontroller.internal.dynamic;

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
 * <p>Source: KubeEdge v1.22 {@code pkg/metaserver/application.go}.
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
        return fields.text("ID");
    }

    String key() {
        return fields.text("Key");
    }

    String verb() {
        return fields.text("Verb");
    }

    String subresource() {
        return fields.text("Subresource");
    }

    /** The options, which depend on the verb. */
    Doc option() {
        String text = decoded("Option");
        return text.isEmpty() || text.equals("null") ? Doc.EMPTY : Json.object(new Content.Json(text));
    }

    /** The object to be written. */
    Doc body() {
        String text = decoded("ReqBody");
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
        return answered("Approved", Map.of("metadata", Map.of()), result);
    }

    /** The answer to a request that was not. */
    Application rejected(Status why) {
        Object status = Wire.errStatus(why).get("ErrStatus");
        return answered("Rejected", status, "");
    }

    private Application answered(String status, Object error, String result) {
        Object bytes =
                result.isEmpty() ? null : Base64.getEncoder().encodeToString(result.getBytes(StandardCharsets.UTF_8));
        return new Application(
                node,
                fields.with(node, "Nodename")
                        .with(status, "Status")
                        .with("", "Reason")
                        .with(Map.of("ErrStatus", error), "Error")
                        .with(bytes, "RespBody"));
    }
}
