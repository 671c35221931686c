package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.rest.internal.json.Json;
import io.skep.kube.rest.internal.recorded.Recorded;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends what real kubectls sent to a real API server, and expects its answers. */
class RecordedExchangesTest {

    /** What the store and not the server answers, and what the store used here can't do. */
    private static final List<String> NOT_HERE =
            List.of("json-patch", "apply-patch", "/scale", "selfsubjectaccessreviews", "swagger", "(cut)");

    @TempDir
    Path folder;

    private record Exchange(Map<String, Object> fields) {
        String text(String name) {
            return fields.get(name) == null ? "" : String.valueOf(fields.get(name));
        }

        int status() {
            return ((Number) fields.get("status")).intValue();
        }

        String pathOnly() {
            return text("path").split("\\?")[0];
        }

        boolean isHere() {
            return status() != 422 && NOT_HERE.stream().noneMatch(fields.toString()::contains);
        }
    }

    @Test
    void everyRecordedRequestIsAnsweredAsRecorded() throws Exception {
        InMemoryResourceStore store = new InMemoryResourceStore(kinds());
        SoftAssertions soft = new SoftAssertions();
        int compared = 0;
        try (TestApi api = new TestApi(folder, store)) {
            for (Exchange exchange : exchanges()) {
                if (exchange.isHere() && !exchange.text("path").contains("watch=true")) {
                    prepare(store, exchange);
                    compare(soft, exchange, api.send(request(api, exchange)));
                    compared++;
                }
            }
        }
        soft.assertAll();
        assertThat(compared).isGreaterThan(300);
    }

    @Test
    void everyRecordedWatchIsAccepted() throws Exception {
        InMemoryResourceStore store = new InMemoryResourceStore(kinds());
        try (TestApi api = new TestApi(folder, store)) {
            Map<Exchange, CompletableFuture<HttpResponse<String>>> answers = new LinkedHashMap<>();
            for (Exchange exchange : exchanges()) {
                if (exchange.text("path").contains("watch=true")) {
                    answers.put(exchange, api.client().sendAsync(watch(api, store, exchange), BodyHandlers.ofString()));
                }
            }
            assertThat(answers).isNotEmpty();
            for (Map.Entry<Exchange, CompletableFuture<HttpResponse<String>>> one : answers.entrySet()) {
                HttpResponse<String> response = one.getValue().get(60, TimeUnit.SECONDS);
                assertThat(response.statusCode()).as(one.getKey().text("path")).isEqualTo(200);
                assertThat(response.headers().firstValue("Content-Type"))
                        .hasValue(one.getKey().text("respType"));
            }
        }
    }

    /** The recorded watch from now on, for a second. */
    private static HttpRequest watch(TestApi api, InMemoryResourceStore store, Exchange exchange) throws IOException {
        String now =
                store.list(kinds().get(0), "", io.skep.kube.api.ListOptions.ALL).resourceVersion();
        String path = exchange.text("path")
                .replaceAll("resourceVersion=\\d+", "resourceVersion=" + now)
                .replaceAll("&timeoutSeconds=\\d+", "");
        return api.request(path + "&timeoutSeconds=1")
                .setHeader("Accept", exchange.text("accept"))
                .build();
    }

    /** Makes the store hold, or lack, what the recorded answer says it did. */
    private static void prepare(InMemoryResourceStore store, Exchange exchange) throws IOException {
        Optional<ApiPath> path = ApiPath.parse(exchange.pathOnly());
        if (path.isEmpty()
                || path.get().name().isEmpty() && !exchange.text("method").equals("POST")) {
            return;
        }
        ResourceKind kind = kinds().stream()
                .filter(k -> k.plural().equals(path.get().resource())
                        && k.group().equals(path.get().group()))
                .findFirst()
                .orElseThrow();
        Map<?, ?> answer = exchange.fields().get("resp") instanceof Map<?, ?> map ? map : Map.of();
        Map<?, ?> metadata = answer.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
        String name = path.get().name();
        if (name.isEmpty()) {
            Map<?, ?> about = metadata.containsKey("name")
                    ? metadata
                    : (Map<?, ?>) ((Map<?, ?>) exchange.fields().get("body")).get("metadata");
            name = String.valueOf(about.get("name"));
        }
        ObjectKey key = new ObjectKey(kind, path.get().namespace(), name);
        try {
            store.delete(key, DeleteOptions.NOW);
        } catch (KubeException e) {
            assertThat(e.reason()).isEqualTo("NotFound");
        }
        boolean exists = exchange.status() == 409
                || exchange.status() == 200 && !exchange.text("method").equals("POST");
        if (exists) {
            boolean whole = kind.kind().equals(answer.get("kind"));
            Map<String, Object> tree = whole
                    ? strings(answer)
                    : Map.of("apiVersion", kind.apiVersion(), "kind", kind.kind(), "metadata", Map.of("name", name));
            store.create(
                    kind,
                    key.namespace(),
                    KubeObject.of(tree)
                            .with(name, "metadata", "name")
                            .without("metadata", "deletionTimestamp")
                            .without("metadata", "resourceVersion")
                            .without("metadata", "uid"),
                    WriteOptions.NONE);
        }
    }

    private static HttpRequest.Builder request(TestApi api, Exchange exchange) {
        HttpRequest.Builder request =
                api.request(exchange.text("path").replaceAll("resourceVersion=\\d+", "resourceVersion=0"));
        Object body = exchange.fields().get("body");
        if (body instanceof Map<?, ?> patch && exchange.text("method").equals("PATCH")) {
            // the recorded version is no longer the current one
            body = KubeObject.of(strings(patch))
                    .without("metadata", "resourceVersion")
                    .doc()
                    .asMap();
        }
        request.method(
                exchange.text("method"),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.text(body)));
        request.setHeader("Accept", exchange.text("accept"));
        if (!exchange.text("contentType").isEmpty()) {
            request.header("Content-Type", exchange.text("contentType"));
        }
        return request;
    }

    private static void compare(SoftAssertions soft, Exchange exchange, HttpResponse<String> response) {
        String what = exchange.text("method") + " " + exchange.text("path") + " of " + exchange.text("cmd");
        soft.assertThat(response.statusCode()).as(what).isEqualTo(exchange.status());
        if (!exchange.pathOnly().equals("/openapi/v3")) {
            soft.assertThat(response.headers().firstValue("Content-Type"))
                    .as(what)
                    .hasValue(exchange.text("respType"));
        }
        if (exchange.fields().get("resp") instanceof Map<?, ?> recorded
                && !exchange.text("path").startsWith("/version")) {
            Map<String, Object> answered = TestApi.tree(response);
            soft.assertThat(answered.get("apiVersion")).as(what).isEqualTo(recorded.get("apiVersion"));
            soft.assertThat(answered.get("kind")).as(what).isEqualTo(recorded.get("kind"));
            if ("Status".equals(recorded.get("kind"))) {
                soft.assertThat(withoutUid(answered)).as(what).isEqualTo(withoutUid(recorded));
            }
            if ("Table".equals(recorded.get("kind")) && hasPrinter(exchange)) {
                soft.assertThat(columns(answered)).as(what).isEqualTo(columns(recorded));
            }
        }
    }

    private static Map<String, Object> withoutUid(Map<?, ?> status) {
        return KubeObject.of(strings(status)).without("details", "uid").doc().asMap();
    }

    /** The other kinds are shown by name and age for now. */
    private static boolean hasPrinter(Exchange exchange) {
        String resource = ApiPath.parse(exchange.pathOnly()).orElseThrow().resource();
        return Kinds.ALL.stream().anyMatch(kind -> kind.plural().equals(resource));
    }

    /** Columns but their prose. */
    private static List<List<Object>> columns(Map<?, ?> table) {
        List<List<Object>> columns = new ArrayList<>();
        for (Object column : (List<?>) table.get("columnDefinitions")) {
            Map<?, ?> fields = (Map<?, ?>) column;
            columns.add(List.of(fields.get("name"), fields.get("type"), fields.get("format"), fields.get("priority")));
        }
        return columns;
    }

    private static List<Exchange> exchanges() throws IOException {
        return Recorded.exchanges().stream()
                .map(fields -> new Exchange(strings(fields)))
                .toList();
    }

    /** All kinds of the recorded server, so that requests for kinds of later days are understood as well. */
    static List<ResourceKind> kinds() throws IOException {
        List<ResourceKind> kinds = new ArrayList<>();
        Map<String, Object> documents = strings(Recorded.discovery());
        documents.forEach((path, document) -> {
            Map<?, ?> list = (Map<?, ?>) document;
            if (list.get("resources") instanceof List<?> resources) {
                String[] groupVersion = String.valueOf(list.get("groupVersion")).split("/");
                String group = groupVersion.length == 2 ? groupVersion[0] : "";
                resources.forEach(r -> add(group, groupVersion[groupVersion.length - 1], (Map<?, ?>) r, kinds));
            }
        });
        return kinds;
    }

    private static void add(String group, String version, Map<?, ?> resource, List<ResourceKind> kinds) {
        String name = String.valueOf(resource.get("name"));
        if (!name.contains("/") && ((List<?>) resource.get("verbs")).contains("list")) {
            kinds.add(new ResourceKind(
                    group,
                    version,
                    String.valueOf(resource.get("kind")),
                    name,
                    String.valueOf(resource.get("singularName")),
                    Boolean.TRUE.equals(resource.get("namespaced")),
                    List.of(),
                    List.of(),
                    List.of("status", "scale")));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> strings(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
