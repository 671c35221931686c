package io.skep.kube.rest.internal.api;

import io.skep.kube.api.Doc;
import io.skep.kube.rest.internal.auth.User;
import io.skep.kube.rest.internal.json.Json;
import io.skep.kube.rest.internal.protobuf.MalformedProtobufException;
import io.skep.kube.rest.internal.protobuf.ProtobufObject;
import io.skep.kube.rest.internal.protobuf.UnknownMessageException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One HTTP request, as far as the API looks at it. Belongs to the thread that handles it. */
final class ApiRequest {

    /** Kubernetes' own limit of a request body. */
    static final int BODY_LIMIT = 3 * 1024 * 1024;

    private static final String YAML = "application/yaml";
    private static final String OBJECTS = Answer.JSON + ", " + YAML;

    private final HttpServletRequest http;
    private final User user;
    private final Query query;

    ApiRequest(HttpServletRequest http, User user) {
        this.http = http;
        this.user = user;
        this.query = new Query(parse(http.getQueryString()));
    }

    HttpServletRequest http() {
        return http;
    }

    User user() {
        return user;
    }

    String method() {
        return http.getMethod();
    }

    /** Path, still encoded. */
    String path() {
        return http.getRequestURI();
    }

    Query query() {
        return query;
    }

    String accept() {
        String accept = http.getHeader("Accept");
        return accept == null ? "" : accept;
    }

    /** The form the client wants. */
    View view() {
        return View.of(accept()).orElseThrow(Statuses::notAcceptable);
    }

    /** Media type of the body in lower case, without parameters; {@code ""} when not said. */
    String contentType() {
        String type = http.getContentType();
        return type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    /** The whole body, at most {@link #BODY_LIMIT} bytes. */
    byte[] body() {
        if (http.getContentLengthLong() > BODY_LIMIT) {
            throw Statuses.tooLarge(BODY_LIMIT);
        }
        String encoding = http.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Statuses.unsupportedMediaType("identity");
        }
        try (InputStream in = http.getInputStream()) {
            byte[] body = in.readNBytes(BODY_LIMIT + 1);
            if (body.length > BODY_LIMIT) {
                throw Statuses.tooLarge(BODY_LIMIT);
            }
            return body;
        } catch (IOException e) {
            throw Statuses.badRequest("the body could not be read: " + e.getMessage());
        }
    }

    /**
     * One object.
     *
     * @param unknown what of it could not be taken over, a line each
     * @param duplicates what stands in it more than once, a line each
     */
    record Content(Doc document, List<String> unknown, List<String> duplicates) {}

    /** The body as one object in JSON, YAML or Kubernetes' protobuf. */
    Content content() {
        return content(body());
    }

    /** The object alone. */
    Doc document() {
        return content().document();
    }

    /** As {@link #document}, or an empty one where there is no body. */
    Doc documentIfAny() {
        byte[] body = body();
        return body.length == 0 ? Doc.EMPTY : content(body).document();
    }

    private Content content(byte[] body) {
        try {
            return switch (contentType()) {
                case "", Answer.JSON, "*/*" -> new Content(document(Json.read(body)), List.of(), Json.duplicates(body));
                case YAML -> new Content(document(Json.readYaml(body)), List.of(), Json.duplicatesInYaml(body));
                case ProtobufObject.MEDIA_TYPE -> {
                    ProtobufObject object = ProtobufObject.read(body);
                    yield new Content(Doc.of(object.tree()), object.unknown(), List.of());
                }
                default -> throw Statuses.unsupportedMediaType(OBJECTS);
            };
        } catch (UnknownMessageException e) {
            throw Statuses.unsupportedMediaType(OBJECTS + " (not in protobuf: " + e.getMessage() + ")");
        } catch (Json.MalformedException | MalformedProtobufException e) {
            throw Statuses.badRequest("the object provided is unrecognized: " + e.getMessage());
        }
    }

    private static Doc document(Object tree) {
        if (!(tree instanceof Map<?, ?> map)) {
            throw Statuses.badRequest("the object provided is unrecognized (must be of type object): "
                    + "couldn't get version/kind; json parse error: json: cannot unmarshal into Go value");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((key, value) -> fields.put(String.valueOf(key), value));
        return Doc.of(fields);
    }

    private static Map<String, List<String>> parse(String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (query == null) {
            return values;
        }
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            values.computeIfAbsent(decode(name), n -> new ArrayList<>()).add(decode(value));
        }
        return values;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Statuses.badRequest("the query is not URL encoded: " + text);
        }
    }
}
