package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.EdgeCoreSession;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.transport.Link;
import io.skep.transport.MessageCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Route ROUTE = Route.of("edged", "meta", "update", "default/pod/web-0");

    // What a real EdgeCore and CloudCore said to each other must survive us unchanged.
    @Test
    void everyMessageOfARecordedSessionIsWrittenAsItWasRead() throws IOException {
        int messages = 0;

        for (String line : EdgeCoreSession.lines()) {
            JsonNode recorded = JSON.readTree(line).get("msg");
            if (recorded != null) {
                String text = recorded.toString();
                assertThat(JSON.readTree(MessageCodec.encode(MessageCodec.decode(text))))
                        .isEqualTo(recorded);
                messages++;
            }
        }

        assertThat(messages).isGreaterThan(400);
    }

    @Test
    void emptyHeaderKeysAreLeftOutAndANewlineEndsTheMessage() {
        Header header = new Header("a1", "", Instant.ofEpochMilli(1735689600123L), "", false, "");

        String text = MessageCodec.encode(new Message(header, ROUTE, Content.EMPTY));

        assertThat(text)
                .isEqualTo("{\"header\":{\"msg_id\":\"a1\",\"timestamp\":1735689600123},"
                        + "\"route\":{\"source\":\"edged\",\"group\":\"meta\",\"operation\":\"update\","
                        + "\"resource\":\"default/pod/web-0\"},\"content\":null}\n");
    }

    @Test
    void contentIsKeptToTheLetter() {
        String content = "{ \"a\" : 1.10, \"b\":[ 1e3,\"\\u003cx\\u003e \u00e4\" ] }";

        Message message = MessageCodec.decode("{\"content\" :\n" + content + " ,\"header\":{\"msg_id\":\"x\"}}\n");

        assertThat(message.content()).isEqualTo(new Content.Json(content));
        assertThat(message.id()).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"ping\"", "\"a\\\"b\\\\\"", "\"\"", "12", "-1.5e7", "true", "false", "[]", "{}", "[{}, [1]]"})
    void everyKindOfContentIsCutOutWhole(String content) {
        assertThat(MessageCodec.decode("{\"content\":" + content + "}")
                        .content()
                        .json())
                .isEqualTo(content);
        assertThat(MessageCodec.decode("{\"content\":" + content + " , \"route\":{}}")
                        .content()
                        .json())
                .isEqualTo(content);
    }

    // Go matches keys in any case and skips what it doesn't know.
    @Test
    void keysMatchInAnyCaseAndUnknownOnesAreSkipped() {
        Message message = MessageCodec.decode("{\"Header\":{\"MSG_ID\":\"m\",\"new\":{\"a\":[1]},\"Sync\":true},"
                + "\"more\":[1,{}],\"ROUTE\":{\"Resource\":\"r\",\"group\":null}}");

        assertThat(message.id()).isEqualTo("m");
        assertThat(message.header().sync()).isTrue();
        assertThat(message.route()).isEqualTo(Route.of("", "", "", "r"));
        assertThat(message.content()).isEqualTo(Content.EMPTY);
    }

    @Test
    void failureIsWrittenAsItsText() {
        Message answer =
                Message.of(ROUTE, Content.EMPTY).error("hub", new EdgeException(Reason.NOT_FOUND, "no \"web\""));

        assertThat(MessageCodec.encode(answer)).contains("\"content\":\"no \\\"web\\\"\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "null",
                "{\"header\":[]}",
                "{\"header\":{\"timestamp\":\"now\"}}",
                "{\"header\":{\"timestamp\":1.5}}",
                "{\"header\":{\"timestamp\":99999999999999999999}}",
                "{\"header\":{\"msg_id\":7}}",
                "{\"route\":{\"resource\":{}}}",
                "{\"content\":",
                "{\"content\":{\"a\":}}",
                "{\"content\":\"open",
                "{\"content\":1} {}",
                "{\"content\":1}x",
            })
    void whatIsNoMessageIsRefusedAsBadRequest(String text) {
        assertThatThrownBy(() -> MessageCodec.decode(text))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_REQUEST))
                .hasMessageStartingWith("not a message: ");
    }

    @Test
    void nestingWithoutEndIsRefused() {
        String deep = "{\"content\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThatThrownBy(() -> MessageCodec.decode(deep)).isInstanceOf(EdgeException.class);
    }

    @Test
    void textBeyondTheLimitIsRefusedUnread() {
        String text = "x".repeat(Link.MAX_MESSAGE_BYTES + 1);

        assertThatThrownBy(() -> MessageCodec.decode(text))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void bytesAreCountedAsUtf8HasThem() {
        for (String text : List.of("", "abc", "\u00e4\u00f6", "\u20ac", "a\ud83d\ude00b")) {
            assertThat(Utf8.length(text)).isEqualTo(text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        }
    }
}
