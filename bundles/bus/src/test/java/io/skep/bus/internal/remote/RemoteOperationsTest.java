package io.skep.bus.internal.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.PackageSource;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteOperationsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "0f0e0d0c-0000-4000-8000-000000000001";
    private static final String SUM = "ab".repeat(32);

    /** Begins what it is asked for and ends it when the test says. */
    private final class SlowOperations implements ModuleOperations {
        private final List<String> begun = new ArrayList<>();
        private final List<SwapOperation> journal = new ArrayList<>();
        private CompletableFuture<SwapOperation> last;

        @Override
        public CompletionStage<SwapOperation> upgrade(String module, PackageSource source, boolean force) {
            try {
                begun.add(module + " " + Files.readString(Path.of(source.address())) + " " + force);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            last = new CompletableFuture<>();
            return last;
        }

        void end(Outcome outcome) {
            SwapOperation operation = operation(outcome);
            journal.add(0, operation);
            last.complete(operation);
            context.runWork();
        }

        @Override
        public CompletionStage<SwapOperation> install(PackageSource source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<SwapOperation> remove(String module) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<SwapOperation> rollback(String module) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<SwapOperation> list() {
            return journal;
        }
    }

    @TempDir
    Path folder;

    private final FakeModuleContext context = new FakeModuleContext("moduleoperations");
    private final InMemoryDocumentStore store = new InMemoryDocumentStore();
    private final SlowOperations operations = new SlowOperations();
    private RemoteOperations remote;

    @BeforeEach
    void start() {
        remote = life(true);
    }

    private RemoteOperations life(boolean enabled) {
        RemoteOperations life =
                new RemoteOperations(context, () -> operations, store, folder.resolve("incoming"), enabled);
        life.open();
        context.runWork();
        return life;
    }

    private SwapOperation operation(Outcome outcome) {
        Instant now = context.clock().instant();
        return new SwapOperation(
                "1", Kind.UPGRADE, "edged", outcome, "", now, now, "a/1", "a/2", SUM, Duration.ofMillis(7), List.of());
    }

    private JsonNode says(String operation, String resource, String json) {
        context.clear();
        remote.receive(Message.of(Route.of("shell", "operations", operation, resource), new Content.Json(json)));
        context.runWork();
        Message answer = context.sentTo("websocket").get(0);
        assertThat(answer.route().group()).isEqualTo("operations");
        try {
            return JSON.readTree(answer.content().json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode offer(String id) {
        return says(
                "insert",
                "operations/" + id,
                "{\"module\":\"edged\",\"sha256\":\"" + SUM + "\",\"bytes\":6,\"force\":true}");
    }

    private JsonNode piece(int offset, String text) {
        String data = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return says("update", "operations/" + ID, "{\"offset\":" + offset + ",\"data\":\"" + data + "\"}");
    }

    private JsonNode query() {
        return says("query", "operations/" + ID, "null");
    }

    private static String state(JsonNode answer) {
        return answer.path("state").asText();
    }

    @Test
    void packageComesInPiecesAndIsPutInPlaceOnceItIsWhole() throws Exception {
        assertThat(offer(ID)).hasToString("{\"state\":\"RECEIVING\",\"received\":0}");
        assertThat(piece(0, "abc").path("received").asLong()).isEqualTo(3);
        assertThat(state(piece(3, "def"))).isEqualTo("RUNNING");
        assertThat(operations.begun).containsExactly("edged abcdef true");
        assertThat(state(query())).isEqualTo("RUNNING");

        operations.end(Outcome.SUCCEEDED);

        JsonNode ended = query();
        assertThat(state(ended)).isEqualTo("ENDED");
        assertThat(ended.at("/operation/outcome").asText()).isEqualTo("SUCCEEDED");
        assertThat(ended.at("/operation/pauseMillis").asLong()).isEqualTo(7);
        try (var files = Files.list(folder.resolve("incoming"))) {
            assertThat(files).isEmpty();
        }
    }

    // What the cloud does not hear answered it sends again.
    @Test
    void nothingThatComesAgainIsDoneTwice() {
        offer(ID);
        piece(0, "abc");
        assertThat(offer(ID).path("received").asLong()).isEqualTo(3);
        assertThat(piece(0, "abc").path("received").asLong()).isEqualTo(3);
        piece(3, "def");
        assertThat(state(piece(3, "def"))).isEqualTo("RUNNING");
        operations.end(Outcome.ROLLED_BACK);

        assertThat(state(offer(ID))).isEqualTo("ENDED");
        assertThat(state(piece(0, "abc"))).isEqualTo("ENDED");
        assertThat(operations.begun).hasSize(1);
    }

    @Test
    void pieceThatLeavesAGapOrIsTooMuchIsNotTaken() {
        offer(ID);

        assertThat(piece(3, "def").path("received").asLong()).isZero();
        assertThat(piece(0, "abcdefg").path("received").asLong()).isZero();
        assertThat(operations.begun).isEmpty();
    }

    @Test
    void successorHasTheTransferBegunAnewAndLooksARunningOneUp() {
        offer(ID);
        piece(0, "abc");
        remote = life(true);
        assertThat(state(query())).isEqualTo("UNKNOWN");
        assertThat(state(piece(3, "def"))).isEqualTo("UNKNOWN");
        offer(ID);
        piece(0, "abcdef");

        remote = life(true);
        operations.journal.add(operation(Outcome.RUNNING));
        assertThat(state(query())).isEqualTo("RUNNING");
        operations.journal.set(0, operation(Outcome.INTERRUPTED));
        assertThat(query().at("/operation/outcome").asText()).isEqualTo("INTERRUPTED");
        assertThat(operations.begun).hasSize(1);
    }

    @Test
    void upgradeThatAKilledProcessHadNotBegunIsToldAsInterrupted() {
        offer(ID);
        piece(0, "abcdef");
        remote = life(true);

        JsonNode answer = query();

        assertThat(answer.at("/operation/outcome").asText()).isEqualTo("INTERRUPTED");
        assertThat(answer.at("/operation/reason").asText()).contains("before anything was changed");
    }

    @Test
    void secondPackageWaitsUntilTheFirstIsThroughOrForgotten() {
        String other = ID.replace("1", "2");
        offer(ID);

        assertThat(offer(other).path("reason").asText()).contains("another package");
        context.advance(Duration.ofSeconds(61));
        assertThat(state(offer(other))).isEqualTo("RECEIVING");
        assertThat(state(query())).isEqualTo("UNKNOWN");
    }

    @Test
    void badRequestsAreRefusedWithAReason() {
        assertThat(state(offer("../../etc/passwd"))).isEqualTo("REFUSED");
        assertThat(says(
                                "insert",
                                "operations/" + ID,
                                "{\"module\":\"m\",\"sha256\":\"" + SUM + "\",\"bytes\":99999999}")
                        .path("reason")
                        .asText())
                .isEqualTo("the package is larger than the 64 MiB allowed");
        assertThat(state(says("insert", "operations/" + ID, "no json"))).isEqualTo("REFUSED");
        offer(ID);
        assertThat(says("update", "operations/" + ID, "{\"offset\":0,\"data\":\"*\"}")
                        .path("reason")
                        .asText())
                .contains("base64");
        assertThat(operations.begun).isEmpty();
    }

    @Test
    void operatorOfTheNodeMaySwitchItOff() {
        remote = life(false);

        assertThat(offer(ID).path("reason").asText()).contains("remote.enabled of io.skep.bus.operations is false");
    }

    @Test
    void operationsAreListed() {
        operations.journal.add(operation(Outcome.SUCCEEDED));

        assertThat(says("query", "operations", "null").at("/0/module").asText()).isEqualTo("edged");
    }
}
