package io.skep.core.api.application;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * What the cloud answers to an {@link Application}.
 *
 * @param done whether it did what it was asked
 * @param result JSON of an object or list; empty for a delete or a watch
 * @param error a Status of the Kubernetes API, empty where it gave none
 * @param reason why not, where there is no such Status
 */
public record ApplicationAnswer(boolean done, Optional<String> result, Map<String, Object> error, String reason) {

    public static final String APPROVED = "Approved";
    public static final String REJECTED = "Rejected";

    private static final String FAILED = "Failed";

    /**
     * Reads the fields of an answer.
     *
     * @throws EdgeException {@code INVALID} when the result is no Base64
     */
    public static ApplicationAnswer of(Map<?, ?> fields) {
        String status = text(fields, Application.STATUS);
        return new ApplicationAnswer(
                !status.equals(REJECTED) && !status.equals(FAILED),
                Optional.of(text(fields, Application.RESPONSE_BODY))
                        .filter(body -> !body.isEmpty())
                        .map(ApplicationAnswer::decoded),
                error(fields),
                text(fields, Application.REASON));
    }

    private static String decoded(String body) {
        try {
            return new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new EdgeException(Reason.INVALID, "the result is no Base64: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> error(Map<?, ?> fields) {
        return fields.get(Application.ERROR) instanceof Map<?, ?> error
                        && error.get(Application.ERR_STATUS) instanceof Map<?, ?> status
                        && !text(status, "reason")
                                .concat(text(status, "message"))
                                .isEmpty()
                ? (Map<String, Object>) status
                : Map.of();
    }

    private static String text(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String text ? text : "";
    }
}
