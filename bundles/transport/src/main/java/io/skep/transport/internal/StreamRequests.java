package io.skep.transport.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tunnel.StreamRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of a stream's first frame; the URL is Go's {@code url.URL}, field by field. */
public final class StreamRequests {

    private static final ObjectMapper JSON = new ObjectMapper();

    private StreamRequests() {}

    /** See {@link StreamRequest#encode}. */
    public static byte[] write(StreamRequest request) {
        ObjectNode root = JSON.createObjectNode().put("MessID", request.id());
        root.putObject("url")
                .put("Scheme", "http")
                .put("Opaque", "")
                .putNull("User")
                .put("Host", request.host())
                .put("Path", request.path())
                .put("RawPath", "")
                .put("OmitHost", false)
                .put("ForceQuery", false)
                .put("RawQuery", request.query())
                .put("Fragment", "")
                .put("RawFragment", "");
        root.set("header", JSON.valueToTree(request.headers()));
        if (!request.method().isEmpty()) {
            root.put("method", request.method());
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "stream request cannot be written: " + e.getMessage(), e);
        }
    }

    /** See {@link StreamRequest#decode}. */
    public static StreamRequest read(byte[] data) {
        JsonNode root;
        try {
            root = JSON.readTree(data);
        } catch (IOException e) {
            throw new EdgeException(Reason.INVALID, "stream request is no JSON: " + e.getMessage(), e);
        }
        JsonNode url = root.path("url");
        if (!root.path("MessID").isIntegralNumber() || !url.path("Path").isTextual()) {
            throw new EdgeException(Reason.INVALID, "stream request without MessID or url.Path");
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        root.path("header").properties().forEach(field -> {
            List<String> values = new ArrayList<>();
            field.getValue().forEach(value -> values.add(value.asText()));
            headers.put(field.getKey(), List.copyOf(values));
        });
        return new StreamRequest(
                root.path("MessID").longValue(),
                url.path("Host").asText(""),
                url.path("Path").asText(),
                url.path("RawQuery").asText(""),
                headers,
                root.path("method").asText(""));
    }
}
