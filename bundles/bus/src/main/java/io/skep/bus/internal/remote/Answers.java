package io.skep.bus.internal.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.skep.bus.internal.swap.OperationJson;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.operation.SwapOperation;
import java.util.List;

/** What the node says to the cloud: a state, and what goes with it. */
final class Answers {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_LISTED = 20;

    private Answers() {}

    /** The package is taken; so many bytes of it are here. */
    static String receiving(long bytes) {
        return JSON.createObjectNode()
                .put("state", "RECEIVING")
                .put("received", bytes)
                .toString();
    }

    /** The operation is under way. */
    static String running() {
        return JSON.createObjectNode().put("state", "RUNNING").toString();
    }

    /** Nothing is known here of that id. */
    static String unknown() {
        return JSON.createObjectNode().put("state", "UNKNOWN").toString();
    }

    /** It was not begun, and won't be. */
    static String refused(String why) {
        return JSON.createObjectNode()
                .put("state", "REFUSED")
                .put("reason", why)
                .toString();
    }

    /** It has ended; {@code operation} is the operation as JSON. */
    static String ended(String operation) {
        return JSON.createObjectNode()
                .put("state", "ENDED")
                .set("operation", read(operation))
                .toString();
    }

    /** The newest of these. */
    static String list(List<SwapOperation> operations) {
        ArrayNode array = JSON.createArrayNode();
        operations.stream().limit(MOST_LISTED).forEach(o -> array.add(read(OperationJson.write(o))));
        return array.toString();
    }

    /** @throws EdgeException {@code INVALID} for a text that is no JSON */
    static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new EdgeException(Reason.INVALID, "no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
