package io.skep.bus.internal.swap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.operation.SwapOperation.Step;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An operation as JSON text and back. */
public final class OperationJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private OperationJson() {}

    /** The operation as an object. */
    public static String write(SwapOperation operation) {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("id", operation.id());
        tree.put("kind", operation.kind().name());
        tree.put("module", operation.module());
        tree.put("outcome", operation.outcome().name());
        tree.put("reason", operation.reason());
        tree.put("started", operation.started().toString());
        tree.put("ended", operation.ended().toString());
        tree.put("from", operation.fromBundle());
        tree.put("to", operation.toBundle());
        tree.put("checksum", operation.checksum());
        tree.put("pauseMillis", operation.pause().toMillis());
        ArrayNode steps = tree.putArray("steps");
        for (Step step : operation.steps()) {
            steps.addObject()
                    .put("name", step.name())
                    .put("at", step.at().toString())
                    .put("detail", step.detail());
        }
        return tree.toString();
    }

    /** @throws IllegalArgumentException for a text that is no operation */
    public static SwapOperation read(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            List<Step> steps = new ArrayList<>();
            for (JsonNode step : tree.path("steps")) {
                steps.add(new Step(
                        step.path("name").asText(),
                        instant(step.path("at")),
                        step.path("detail").asText()));
            }
            return new SwapOperation(
                    tree.path("id").asText(),
                    Kind.valueOf(tree.path("kind").asText()),
                    tree.path("module").asText(),
                    Outcome.valueOf(tree.path("outcome").asText()),
                    tree.path("reason").asText(),
                    instant(tree.path("started")),
                    instant(tree.path("ended")),
                    tree.path("from").asText(),
                    tree.path("to").asText(),
                    tree.path("checksum").asText(),
                    Duration.ofMillis(tree.path("pauseMillis").asLong()),
                    steps);
        } catch (JsonProcessingException | DateTimeException e) {
            throw new IllegalArgumentException("no operation: " + e.getMessage(), e);
        }
    }

    private static Instant instant(JsonNode node) {
        return Instant.parse(node.asText());
    }
}
