package io.skep.kube.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Kubernetes' answer when there is no object to answer with, {@code metav1.Status} of kind failure.
 *
 * @param reason for example {@link #NOT_FOUND}
 * @param code HTTP status code
 * @param message for people, worded as the real server words it where kubectl shows it
 * @param details group, kind, name and causes, as the real server fills them; may be empty
 * @param continueToken how a list that can't go on as it began goes on as things are now, or {@code ""}
 */
public record Status(String reason, int code, String message, Doc details, String continueToken) {

    public static final String BAD_REQUEST = "BadRequest";
    public static final String UNAUTHORIZED = "Unauthorized";
    public static final String FORBIDDEN = "Forbidden";
    public static final String NOT_FOUND = "NotFound";
    public static final String METHOD_NOT_ALLOWED = "MethodNotAllowed";
    public static final String NOT_ACCEPTABLE = "NotAcceptable";
    public static final String ALREADY_EXISTS = "AlreadyExists";
    public static final String CONFLICT = "Conflict";
    public static final String EXPIRED = "Expired";
    public static final String TOO_LARGE = "RequestEntityTooLarge";
    public static final String UNSUPPORTED_MEDIA_TYPE = "UnsupportedMediaType";
    public static final String INVALID = "Invalid";
    public static final String TOO_MANY_REQUESTS = "TooManyRequests";
    public static final String INTERNAL_ERROR = "InternalError";
    public static final String SERVICE_UNAVAILABLE = "ServiceUnavailable";
    public static final String TIMEOUT = "Timeout";

    private static final String RETRY_AFTER = "retryAfterSeconds";

    public Status {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(details, "details");
        Objects.requireNonNull(continueToken, "continueToken");
    }

    /** A failure of anything but a list in pages. */
    public Status(String reason, int code, String message, Doc details) {
        this(reason, code, message, details, "");
    }

    /** {@code pods "web" not found}. */
    public static Status notFound(ResourceKind kind, String name) {
        return about(kind, name, NOT_FOUND, 404, kind.qualifiedPlural() + " \"" + name + "\" not found");
    }

    /** {@code pods "web" already exists}. */
    public static Status alreadyExists(ResourceKind kind, String name) {
        return about(kind, name, ALREADY_EXISTS, 409, kind.qualifiedPlural() + " \"" + name + "\" already exists");
    }

    /** Another writer was faster, or a precondition does not hold. */
    public static Status conflict(ResourceKind kind, String name, String why) {
        return about(
                kind,
                name,
                CONFLICT,
                409,
                "Operation cannot be fulfilled on " + kind.qualifiedPlural() + " \"" + name + "\": " + why);
    }

    /** A rule that is not about the object's own shape keeps it out. */
    public static Status forbidden(ResourceKind kind, String name, String why) {
        return about(kind, name, FORBIDDEN, 403, kind.qualifiedPlural() + " \"" + name + "\" is forbidden: " + why);
    }

    /** The object breaks the kind's rules; one cause a field. */
    public static Status invalid(ResourceKind kind, String name, List<Cause> causes) {
        StringBuilder why = new StringBuilder();
        for (Cause cause : causes) {
            why.append(why.isEmpty() ? "" : ", ")
                    .append(cause.field())
                    .append(": ")
                    .append(cause.message());
        }
        String text = causes.size() > 1 ? "[" + why + "]" : why.toString();
        String about = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
        Doc details = Doc.of(nameAndKind(kind, kind.kind(), name))
                .with(
                        causes.stream()
                                .map(c -> Map.of("reason", c.reason(), "message", c.message(), "field", c.field()))
                                .toList(),
                        "causes");
        return new Status(INVALID, 422, about + " \"" + name + "\" is invalid: " + text, details);
    }

    /** The list is wanted as of a moment that is yet to come; a client without a better idea may ask again. */
    public static Status tooLargeResourceVersion(String version, long current) {
        Doc details = Doc.EMPTY
                .with(
                        List.of(Map.of("reason", "ResourceVersionTooLarge", "message", "Too large resource version")),
                        "causes")
                .with(1, RETRY_AFTER);
        return new Status(
                TIMEOUT, 504, "Timeout: Too large resource version: " + version + ", current: " + current, details);
    }

    /** After how many seconds the client may try again, 0 where that is not said. */
    public long retryAfterSeconds() {
        return details.number(0, RETRY_AFTER);
    }

    /** A failure without details. */
    public static Status of(String reason, int code, String message) {
        return new Status(reason, code, message, Doc.EMPTY);
    }

    private static Status about(ResourceKind kind, String name, String reason, int code, String message) {
        return new Status(reason, code, message, Doc.of(nameAndKind(kind, kind.plural(), name)));
    }

    private static Map<String, Object> nameAndKind(ResourceKind kind, String kindName, String name) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!kind.group().isEmpty()) {
            details.put("group", kind.group());
        }
        details.put("kind", kindName);
        return details;
    }

    /**
     * What is wrong with one field.
     *
     * @param reason {@code FieldValueRequired}, {@code FieldValueInvalid} …
     * @param field path, for example {@code spec.containers[0].name}
     * @param message as the real server words it, for example {@code Required value}
     */
    public record Cause(String reason, String field, String message) {}

    /** The object on the wire. */
    public KubeObject toObject() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", "Status");
        tree.put("apiVersion", "v1");
        tree.put("metadata", continueToken.isEmpty() ? Map.of() : Map.of("continue", continueToken));
        tree.put("status", "Failure");
        tree.put("message", message);
        tree.put("reason", reason);
        if (!details.isEmpty()) {
            tree.put("details", details);
        }
        tree.put("code", code);
        return KubeObject.of(tree);
    }
}
