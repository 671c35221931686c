package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pod {@code hello} of a recorded session of a real CloudCore and EdgeCore v1.22.1, lived through by this edged. */
class RecordedSessionTest {

    @TempDir
    Path data;

    private EdgedFixture edged;
    private List<Doc> session;

    @BeforeEach
    void start() throws IOException {
        try (InputStream recorded = getClass().getResourceAsStream("/edgecore-pod-hello.jsonl")) {
            session = new String(recorded.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Json::object)
                    .toList();
        }
        edged = new EdgedFixture(data).start();
        session.stream()
                .filter(m -> m.text("route", "operation").equals(Operation.RESPONSE))
                .forEach(m -> edged.cloud.put(m.text("route", "resource"), m.object("content")));
    }

    private List<Doc> from(String operation) {
        return session.stream()
                .filter(m -> m.text("route", "operation").equals(operation))
                .toList();
    }

    private void replay(Doc message) {
        edged.tell(
                message.text("route", "operation"),
                message.text("route", "resource"),
                new Content.Json(Json.write(message.object("content"))));
    }

    private static List<String> order(Doc patch) {
        return patch.objects("status", "$setElementOrder/conditions").stream()
                .map(c -> c.text("type"))
                .toList();
    }

    @Test
    void ourPatchesHaveTheFormOfTheRecordedOnes() {
        replay(from(Operation.INSERT).get(0));
        List<Doc> theirs = from(Operation.PATCH).stream()
                .map(m -> Json.object(m.text("content")))
                .toList();
        Doc ours = edged.patches("hello").get(1);

        assertThat(order(ours)).isEqualTo(order(theirs.get(1)));
        assertThat(ours.text("metadata", "uid")).isEqualTo(theirs.get(1).text("metadata", "uid"));
        assertThat(ours.object("status").asMap().keySet())
                .containsAll(theirs.get(0).object("status").asMap().keySet())
                .containsAll(theirs.get(1).object("status").asMap().keySet());
        Doc container = ours.objects("status", "containerStatuses").get(0);
        Doc theirContainer =
                theirs.get(1).objects("status", "containerStatuses").get(0);
        assertThat(container.asMap().keySet()).isEqualTo(theirContainer.asMap().keySet());
        assertThat(container.items("volumeMounts")).isEqualTo(theirContainer.items("volumeMounts"));
    }

    @Test
    void theConfigurationOfTheRecordedCloudReachesTheContainer() {
        replay(from(Operation.INSERT).get(0));

        String id = edged.runtime.running("web").orElseThrow().id();
        assertThat(edged.runtime.config(id).program().env())
                .extracting(v -> v.name())
                .containsExactly("GREETING", "PW");
        Path mounted = Path.of(edged.runtime.config(id).mounts().get(0).hostPath());
        assertThat(Files.exists(mounted.resolve("greeting"))).isTrue();
    }

    @Test
    void theWholeLifeEndsWithNothingLeft() {
        replay(from(Operation.INSERT).get(0));
        from(Operation.UPDATE).forEach(this::replay);
        edged.advance(Duration.ofSeconds(1));
        assertThat(edged.sent(Operation.DELETE, "default/pod/hello")).isNotEmpty();
        from(Operation.DELETE).forEach(this::replay);

        assertThat(edged.status("hello").text("phase")).isEqualTo("Failed");
        assertThat(edged.store.list("edged", "pod/")).isEmpty();
        assertThat(edged.runtime.running("web")).isEmpty();
    }
}
