package io.skep.edgecontroller.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.EdgeCoreSession;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every message a real EdgeCore sent in the recorded session is treated: answered as it expects, or refused politely. */
class RecordedSessionTest {

    private static final Set<String> UNANSWERED = Set.of("response", "keepalive");

    private final ObjectMapper mapper = new ObjectMapper();
    private final Cloud cloud = new Cloud();

    @Test
    void everyMessageOfTheNodeGetsItsAnswer() throws IOException {
        cloud.start();
        cloud.connect(Cloud.NODE);
        int answered = 0;
        for (Message message : sentByTheNode()) {
            cloud.module.receive(message);
            List<Message> replies = cloud.sent().stream()
                    .filter(m -> m.parentId().equals(message.id()))
                    .toList();
            if (UNANSWERED.contains(message.route().operation())) {
                assertThat(replies).as("%s", message.route()).isEmpty();
            } else {
                assertThat(replies).as("%s", message.route()).hasSize(1);
                boolean edged = message.route().source().equals("edged");
                assertThat(replies.get(0).route().operation())
                        .as("%s", message.route())
                        .isEqualTo(edged ? "response" : "error");
                answered++;
            }
        }
        assertThat(answered).isGreaterThan(100);
    }

    private List<Message> sentByTheNode() throws IOException {
        List<Message> messages = new ArrayList<>();
        for (String line : EdgeCoreSession.lines()) {
            JsonNode entry = mapper.readTree(line);
            if (entry.path("dir").asText().equals("send")) {
                messages.add(message(entry.path("msg")));
            }
        }
        return messages;
    }

    private static Message message(JsonNode json) {
        JsonNode header = json.path("header");
        JsonNode route = json.path("route");
        return new Message(
                new Header(
                        header.path("msg_id").asText(),
                        header.path("parent_msg_id").asText(),
                        Instant.ofEpochMilli(header.path("timestamp").asLong()),
                        header.path("resourceversion").asText(),
                        false,
                        ""),
                Route.of(
                        route.path("source").asText(),
                        route.path("group").asText(),
                        route.path("operation").asText(),
                        "node/edge-1/" + route.path("resource").asText()),
                new Content.Json(json.path("content").toString()));
    }
}
