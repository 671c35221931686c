package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Status;
import io.skep.kube.rest.internal.json.Json;
import java.util.List;

/**
 * What is sent back at once.
 *
 * @param code HTTP status code
 * @param contentType media type of the body
 * @param body the body
 * @param warnings texts of {@code Warning} headers
 */
record Answer(int code, String contentType, byte[] body, List<String> warnings) {

    static final String JSON = "application/json";

    static Answer json(int code, Object tree) {
        return new Answer(code, JSON, Json.bytes(tree), List.of());
    }

    static Answer status(Status status) {
        return json(status.code(), Wire.tree(status.toObject()));
    }

    static Answer object(int code, KubeObject object) {
        return json(code, Wire.tree(object));
    }

    Answer as(String type) {
        return new Answer(code, type, body, warnings);
    }

    Answer warning(List<String> texts) {
        return new Answer(code, contentType, body, texts);
    }
}
