package io.skep.metamanager.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.EdgeCoreSession;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A session of KubeEdge v1.22.1's EdgeCore, recorded on the wire: what its cloud sent is understood here. */
class TraceTest {

    private final InMemoryDocumentStore disk = new InMemoryDocumentStore();
    private final Node node = new Node(disk).connected();

    @Test
    void everyMessageOfTheCloudIsStoredHandedOnAndAcknowledgedAsEdgeCoreDid() throws IOException {
        List<Message> received = received();
        assertThat(received).hasSizeGreaterThan(100);
        for (Message message : received) {
            if (isForMetaManager(message)) {
                node.receive(message);
            }
        }

        List<Message> changes = received.stream().filter(TraceTest::isChange).toList();
        assertThat(node.toHub())
                .allSatisfy(ack -> assertThat(ack.content()).isEqualTo(Content.OK))
                .extracting(Message::parentId)
                .containsExactlyElementsOf(changes.stream().map(Message::id).toList());
        assertThat(node.toEdged())
                .containsExactlyElementsOf(changes.stream()
                        .filter(m -> Row.type(m.route().resource()).matches("pod|configmap"))
                        .toList());
        // Every pod of the session was deleted in its course; the one configmap that changed is there in its last
        // state.
        assertThat(disk.list("meta", "")).noneMatch(d -> d.key().contains("/pod/"));
        assertThat(disk.list("meta", "")).anyMatch(d -> d.key().contains("/configmap/"));
    }

    @Test
    void everyAnswerOfTheCloudIsUnderstood() throws IOException {
        int answered = 0;
        for (Message reply : received()) {
            if (reply.isReply() && "edgecontroller".equals(reply.route().source())) {
                Message question = Message.of(
                        Route.of("edged", "meta", "query", reply.route().resource()), Content.EMPTY);

                Message answer = CloudAnswer.of(reply).to(question);

                assertThat(answer.parentId()).isEqualTo(question.id());
                assertThat(answer.isError()).isEqualTo(reply.content().json().startsWith("{\"ErrStatus\""));
                answered++;
            }
        }
        assertThat(answered).isGreaterThan(100);
    }

    private static boolean isForMetaManager(Message message) {
        return "resource".equals(message.route().group()) && !message.isReply();
    }

    private static boolean isChange(Message message) {
        return isForMetaManager(message) && CloudChanges.treats(message.route().operation());
    }

    private static List<Message> received() throws IOException {
        List<Message> messages = new ArrayList<>();
        for (String line : EdgeCoreSession.lines()) {
            Map<?, ?> entry = (Map<?, ?>) Json.read(line);
            if ("recv".equals(entry.get("dir"))) {
                messages.add(message((Map<?, ?>) entry.get("msg")));
            }
        }
        return messages;
    }

    private static Message message(Map<?, ?> wire) {
        Map<?, ?> header = (Map<?, ?>) wire.get("header");
        Map<?, ?> route = (Map<?, ?>) wire.get("route");
        Object content = wire.get("content");
        return new Message(
                new Header(
                        text(header, "msg_id"),
                        text(header, "parent_msg_id"),
                        Instant.ofEpochMilli(((Number) header.get("timestamp")).longValue()),
                        text(header, "resourceversion"),
                        false,
                        ""),
                Route.of(
                        text(route, "source"), text(route, "group"), text(route, "operation"), text(route, "resource")),
                content == null ? Content.EMPTY : new Content.Json(Json.write(content)));
    }

    private static String text(Map<?, ?> map, String key) {
        return Objects.toString(map.get(key), "");
    }
}
