package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.rest.internal.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WatchTest {

    private static final String WATCH = "/api/v1/namespaces/default/configmaps?watch=true";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    @TempDir
    Path folder;

    private final InMemoryResourceStore store = new InMemoryResourceStore();
    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(folder, store);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void create(String name, String value) {
        store.create(
                Kinds.CONFIG_MAP,
                "default",
                KubeObject.of(Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        Map.of("name", name),
                        "data",
                        Map.of("value", value))),
                WriteOptions.NONE);
    }

    private BufferedReader watch(String path, String accept) throws Exception {
        HttpResponse<InputStream> response =
                api.client().send(api.request(path).setHeader("Accept", accept).build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> next(BufferedReader lines) throws IOException {
        return (Map<String, Object>) Json.read(lines.readLine().getBytes(StandardCharsets.UTF_8));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void sendsWhatIsThereAndThenEveryChange() throws Exception {
        create("old", "1");

        try (BufferedReader lines = watch(WATCH, "application/json")) {
            assertThat(next(lines)).containsEntry("type", "ADDED");
            create("new", "1");
            Map<String, Object> added = next(lines);
            store.delete(new ObjectKey(Kinds.CONFIG_MAP, "default", "new"), DeleteOptions.NOW);
            Map<String, Object> deleted = next(lines);

            assertThat(added).containsEntry("type", "ADDED");
            assertThat((Map<?, ?>) added.get("object")).extracting("kind").isEqualTo("ConfigMap");
            assertThat(deleted).containsEntry("type", "DELETED");
        }
    }

    @Test
    void tableHasItsColumnsInTheFirstEventOnly() throws Exception {
        create("a", "1");
        create("b", "1");

        try (BufferedReader lines = watch(WATCH, TABLE)) {
            assertThat((Map<?, ?>) next(lines).get("object"))
                    .extracting("columnDefinitions")
                    .isNotNull();
            assertThat((Map<?, ?>) next(lines).get("object"))
                    .extracting("columnDefinitions")
                    .isNull();
        }
    }

    @Test
    void manyWatchesHoldNoThreads() throws Exception {
        List<BufferedReader> open = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            open.add(watch(WATCH, "application/json"));
        }

        create("seen", "1");

        for (BufferedReader lines : open) {
            assertThat(next(lines)).containsEntry("type", "ADDED");
            lines.close();
        }
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        try (BufferedReader lines = watch(WATCH + "&timeoutSeconds=1", "application/json")) {
            assertThat(lines.readLine()).isNull();
        }
        await(() -> api.watches.size() == 0);
    }

    @Test
    void endsWithAllOthersWhenTheServerStops() throws Exception {
        try (BufferedReader lines = watch(WATCH, "application/json")) {
            api.watches.closeAll();

            assertThat(lines.readLine()).isNull();
            assertThat(api.watches.size()).isZero();
        }
    }

    @Test
    void versionThatIsForgottenIsExpired() throws Exception {
        create("a", "1");
        store.expireHistory();

        HttpResponse<String> response = api.get(WATCH + "&resourceVersion=1");

        String answer = response.statusCode() == 200
                ? String.valueOf(((Map<?, ?>) TestApi.tree(response).get("object")).get("code"))
                : String.valueOf(TestApi.tree(response).get("code"));
        assertThat(answer).isEqualTo("410");
    }

    @Test
    void storeThatGivesUpIsReportedAsAnErrorEvent() {
        List<byte[]> written = new ArrayList<>();
        WatchStream stream = new WatchStream(object -> Map.of(), ended -> {});
        FakeConnection connection = new FakeConnection(written);

        stream.attach(() -> {}, connection.context(), connection);
        stream.onWritePossible();
        stream.closed(Status.of(Status.EXPIRED, 410, "too old"));

        assertThat(new String(written.get(0), StandardCharsets.UTF_8))
                .contains("\"type\":\"ERROR\"")
                .contains("\"reason\":\"Expired\"");
        assertThat(connection.completed()).isTrue();
    }

    @Test
    void readerThatDoesNotReadIsCutOffAndNobodyWaitsForIt() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", api.uri("/").getPort())) {
            socket.setReceiveBufferSize(4096);
            socket.getOutputStream()
                    .write(("GET " + WATCH + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + api.certificates().adminToken() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await(() -> api.watches.size() == 1);
            String large = "x".repeat(1 << 20);

            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 40; i++) {
                    create("large-" + i, large);
                }
            });

            writer.get(60, TimeUnit.SECONDS);
            await(() -> api.watches.size() == 0);
        }
    }

    @Test
    void clientThatIsGoneIsNoticedByTheHeartbeat() throws Exception {
        Socket socket = new Socket("127.0.0.1", api.uri("/").getPort());
        socket.getOutputStream()
                .write(("GET " + WATCH + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + api.certificates().adminToken() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        await(() -> api.watches.size() == 1);

        socket.close();

        await(() -> {
            api.watches.heartbeat();
            return api.watches.size() == 0;
        });
    }
}
