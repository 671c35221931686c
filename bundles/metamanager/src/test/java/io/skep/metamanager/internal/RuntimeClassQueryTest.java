package io.skep.metamanager.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RuntimeClasses: edged asks as for a ConfigMap, the cloud is asked as its DynamicController wants it. */
class RuntimeClassQueryTest {

    private static final String KATA = "null/runtimeclass/kata";
    private static final String OBJECT = "{\"apiVersion\":\"node.k8s.io/v1\",\"kind\":\"RuntimeClass\","
            + "\"metadata\":{\"name\":\"kata\",\"uid\":\"r1\",\"resourceVersion\":\"7\"},\"handler\":\"kata-qemu\"}";
    private static final String LOCAL = Json.write(List.of(OBJECT));

    private final InMemoryDocumentStore disk = new InMemoryDocumentStore();
    private final Node node = new Node(disk);

    private Message asked() {
        List<Message> asked = node.context.sentTo(ModuleNames.EDGE_HUB).stream()
                .filter(m -> m.route().group().equals(ModuleNames.DYNAMIC_CONTROLLER))
                .toList();
        return asked.get(asked.size() - 1);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> application(Message message) {
        return (Map<String, Object>) Json.read(message.content().json());
    }

    /** The cloud fills in what it was sent. */
    private void answer(String status, Map<String, ?> more) {
        Map<String, Object> application = application(asked());
        application.put("Status", status);
        application.putAll(more);
        Route back = Route.of(
                ModuleNames.DYNAMIC_CONTROLLER, "resource", "applicationResponse", "ignore/Application/ignore");
        node.context.answer(new Message(Header.create(asked().id()), back, new Content.Json(Json.write(application))));
        node.context.runWork();
    }

    private void approved() {
        answer(
                "Approved",
                Map.of("RespBody", Base64.getEncoder().encodeToString(OBJECT.getBytes(StandardCharsets.UTF_8))));
    }

    private void rejected(String reason, String message) {
        answer("Rejected", Map.of("Error", Map.of("ErrStatus", Map.of("reason", reason, "message", message))));
    }

    private Content last() {
        return node.replies().get(node.replies().size() - 1).content();
    }

    @Test
    void theDynamicControllerIsAskedInItsOwnProtocol() {
        node.tell("patch", "default/nodepatch/edge-1", "\"{}\"");
        node.connected().query(KATA);

        assertThat(asked().route())
                .isEqualTo(Route.of(ModuleNames.META_SERVER, ModuleNames.DYNAMIC_CONTROLLER, "null", "null"));
        assertThat(application(asked()))
                .containsEntry("Key", "/node.k8s.io/v1/runtimeclasses/null/kata")
                .containsEntry("Verb", "get")
                .containsEntry("Nodename", "edge-1")
                .containsEntry("Option", "e30=")
                .containsEntry("Status", "InApplying");
    }

    @Test
    void theAnswerIsTheObjectAndIsKeptForANodeWithoutTheCloud() {
        node.connected();
        Message question = node.query(KATA);
        approved();

        assertThat(node.replies()).singleElement().satisfies(reply -> {
            assertThat(reply.parentId()).isEqualTo(question.id());
            assertThat(reply.content()).isEqualTo(new Content.Json(OBJECT));
        });
        Node restarted = new Node(disk);
        restarted.query(KATA);
        assertThat(restarted.replies().get(0).content()).isEqualTo(new Content.Json(LOCAL));
    }

    // Another class may have taken its name.
    @Test
    void theCloudIsAskedEachTimeItIsThere() {
        node.connected().query(KATA);
        approved();
        node.query(KATA);

        assertThat(node.context.sentTo(ModuleNames.EDGE_HUB)).hasSize(2);
    }

    // A CloudCore whose DynamicController is off says nothing at all.
    @Test
    void aSilentCloudEndsInTenSecondsWithWhatIsKeptOrATimeout() {
        node.connected().query(KATA);
        node.context.advance(Duration.ofSeconds(11));
        assertThat(((Content.Failure) last()).reason()).isEqualTo("Timeout");

        node.query(KATA);
        approved();
        node.query(KATA);
        node.context.advance(Duration.ofSeconds(11));

        assertThat(last()).isEqualTo(new Content.Json(LOCAL));
    }

    @Test
    void aRefusalIsNotTheEndOfWhatIsKept() {
        node.connected().query(KATA);
        rejected("Forbidden", "cloudcore cannot get runtimeclasses");
        assertThat(((Content.Failure) last()).message()).isEqualTo("cloudcore cannot get runtimeclasses");

        node.query(KATA);
        approved();
        node.query(KATA);
        rejected("Forbidden", "cloudcore cannot get runtimeclasses");

        assertThat(last()).isEqualTo(new Content.Json(LOCAL));
    }

    @Test
    void aClassThatIsGoneIsForgotten() {
        node.connected().query(KATA);
        approved();
        node.query(KATA);

        rejected("NotFound", "no such class");

        assertThat(last()).isEqualTo(new Content.Failure("NotFound", "no such class"));
        assertThat(disk.get("meta", KATA)).isEmpty();
    }

    @Test
    void aLinkThatBreaksAnswersFromMemory() {
        node.connected().query(KATA);
        approved();
        node.query(KATA);

        node.link(ModuleNames.CLOUD_DISCONNECTED);

        assertThat(last()).isEqualTo(new Content.Json(LOCAL));
    }
}
