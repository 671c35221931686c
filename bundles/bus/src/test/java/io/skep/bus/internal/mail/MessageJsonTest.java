package io.skep.bus.internal.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageJsonTest {

    private static final Header HEADER =
            new Header("id", "parent", Instant.ofEpochMilli(1735689600123L), "48213", true, "channel");
    private static final Route ROUTE = new Route("edged", "x", "meta", "update", "default/pod/web");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1.10,\"b\":[1e3, 12345678901234567890]}",
                "\"say \\\"hi\\\" \\u00e9\"",
                "[]",
                "-0.0",
                "true",
                "\"\\ud83d\\ude00 😀\""
            })
    void contentComesBackToTheLetter(String json) {
        Message message = new Message(HEADER, ROUTE, new Content.Json(json));

        assertThat(MessageJson.read(MessageJson.write(message))).isEqualTo(message);
    }

    @Test
    void emptyContentIsNull() {
        Message message = new Message(HEADER, ROUTE, Content.EMPTY);

        assertThat(MessageJson.write(message)).endsWith("\"content\":null}");
        assertThat(MessageJson.read(MessageJson.write(message))).isEqualTo(message);
    }

    @Test
    void failureKeepsItsReason() {
        Message message = new Message(HEADER, ROUTE, new Content.Failure("NotFound", "no pod \"web\""));

        assertThat(MessageJson.read(MessageJson.write(message))).isEqualTo(message);
    }

    // KubeEdge leaves out what is empty, and its Go decoder would otherwise see "sync": false as given.
    @Test
    void emptyKeysAreLeftOut() {
        Message message = new Message(
                new Header("id", "", Instant.ofEpochMilli(1), "", false, ""),
                Route.of("a", "", "", ""),
                new Content.Json("1"));

        assertThat(MessageJson.write(message))
                .isEqualTo(
                        "{\"header\":{\"msg_id\":\"id\",\"timestamp\":1},\"route\":{\"source\":\"a\"},\"content\":1}");
    }

    @Test
    void unknownKeysArePassedOver() {
        Message message = MessageJson.read("""
                {"new":{"a":[1]},"header":{"msg_id":"1","tags":["x"],"hops":3},"content":{"route":{}},
                 "route":{"source":"s","path":{"a":1}}}""");

        assertThat(message.id()).isEqualTo("1");
        assertThat(message.route().source()).isEqualTo("s");
        assertThat(message.content().json()).isEqualTo("{\"route\":{}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"header\":[]}",
                "{\"header\":{\"timestamp\":\"soon\"}}",
                "{\"header\":{}} {}",
                "{\"content\":{\"a\":}}",
                "null"
            })
    void whatIsNoEnvelopeIsABadRequest(String text) {
        assertThatThrownBy(() -> MessageJson.read(text))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_REQUEST));
    }
}
