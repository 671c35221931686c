package io.skep.core.api.message;

import java.util.Objects;

/** What a message carries. The shapes are closed: a codec can treat every case. */
public sealed interface Content {

    /** No payload; on the wire {@code null}. */
    Content EMPTY = new Empty();

    /** The plain success answer of KubeEdge: the JSON string {@code "OK"}. */
    Content OK = new Json("\"OK\"");

    /** The payload as JSON text; {@code null} when there is none, a JSON string for a {@link Failure}. */
    String json();

    /**
     * UTF-8 JSON text, already well formed. A Go string on the peer's side is a JSON string here, quotes included; a Go
     * byte slice is a JSON string in base64.
     */
    record Json(String json) implements Content {
        public Json {
            Objects.requireNonNull(json, "json");
        }
    }

    /**
     * An error answer.
     *
     * @param reason a Kubernetes Status reason such as {@code NotFound}
     * @param message what failed, on what, why
     */
    record Failure(String reason, String message) implements Content {
        public Failure {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(message, "message");
        }

        @Override
        public String json() {
            return JsonText.quote(message);
        }
    }

    /** No payload. */
    record Empty() implements Content {
        @Override
        public String json() {
            return "null";
        }
    }
}
