package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.WriteOptions;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServletTest {

    private static final String JSON = "application/json";
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";

    @TempDir
    Path folder;

    private final InMemoryResourceStore store = new InMemoryResourceStore();
    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(folder, store);
        store.create(
                Kinds.CONFIG_MAP,
                "default",
                KubeObject.of(Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "settings"))),
                WriteOptions.NONE);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static void assertRefused(HttpResponse<String> response, int code, String reason, String message) {
        assertThat(response.statusCode()).isEqualTo(code);
        assertThat(TestApi.tree(response))
                .containsEntry("kind", "Status")
                .containsEntry("apiVersion", "v1")
                .containsEntry("status", "Failure")
                .containsEntry("reason", reason)
                .containsEntry("code", code);
        assertThat(String.valueOf(TestApi.tree(response).get("message"))).contains(message);
    }

    @Test
    void nobodyGetsInWithoutTokenOrCertificate() throws Exception {
        HttpResponse<String> response = api.send(HttpRequest.newBuilder(api.uri("/api/v1/pods")));

        assertRefused(response, 401, "Unauthorized", "Unauthorized");
    }

    @Test
    void wrongTokenIsRefused() throws Exception {
        HttpResponse<String> response =
                api.send(HttpRequest.newBuilder(api.uri("/version")).header("Authorization", "Bearer guess"));

        assertRefused(response, 401, "Unauthorized", "Unauthorized");
    }

    @Test
    void healthAndVersionAreOpenToEverybody() throws Exception {
        for (String path : List.of("/healthz", "/livez", "/readyz", "/version")) {
            assertThat(api.send(HttpRequest.newBuilder(api.uri(path))).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    @Test
    void subresourceIsReadOrPostedToOrNotThereAtAll() throws Exception {
        assertRefused(api.get(PODS + "/web/nope"), 404, "NotFound", "the server could not find the requested resource");
        assertRefused(api.get(PODS + "/web/binding"), 405, "MethodNotAllowed", "does not allow this method");
        assertRefused(api.get(PODS + "/web/attach"), 501, "NotImplemented", "pods/attach is not supported yet");
    }

    @Test
    void unknownPathsAndKindsAreNotFound() throws Exception {
        for (String path : List.of("/api/v1/foos", "/apis/nope/v1/foos", "/nope", "/api/v2", "/api/v1/pods/web/a/b")) {
            assertRefused(api.get(path), 404, "NotFound", "the server could not find the requested resource");
        }
    }

    @Test
    void methodsThatMakeNoSenseAreNotAllowed() throws Exception {
        assertRefused(api.send("PUT", CONFIG_MAPS, JSON, "{}"), 405, "MethodNotAllowed", "does not allow this method");
        assertRefused(api.send("POST", "/version", JSON, "{}"), 405, "MethodNotAllowed", "does not allow");
        assertRefused(api.send("POST", CONFIG_MAPS + "/settings", JSON, "{}"), 405, "MethodNotAllowed", "not allow");
    }

    @Test
    void namespacesAndWhatIsInAllOfThemAreNeverDeletedAtOnce() throws Exception {
        for (String path : List.of("/api/v1/configmaps", "/api/v1/namespaces")) {
            assertRefused(api.send("DELETE", path, "", ""), 405, "MethodNotAllowed", "does not allow this method");
        }
        assertThat(api.get(CONFIG_MAPS + "/settings").statusCode()).isEqualTo(200);
    }

    @Test
    void onlyJsonCanBeAskedFor() throws Exception {
        HttpResponse<String> response =
                api.send(api.request(CONFIG_MAPS).setHeader("Accept", "application/vnd.kubernetes.protobuf"));

        assertRefused(response, 406, "NotAcceptable", "only the following media types are accepted");
    }

    @Test
    void bodiesOfUnknownTypeAreRefused() throws Exception {
        assertRefused(api.send("POST", CONFIG_MAPS, "text/plain", "x"), 415, "UnsupportedMediaType", "unknown format");
        assertRefused(
                api.send("PATCH", CONFIG_MAPS + "/settings", JSON, "{}"),
                415,
                "UnsupportedMediaType",
                "application/strategic-merge-patch+json");
    }

    @Test
    void malformedBodiesAreBadRequests() throws Exception {
        for (String body : List.of("", "{", "[1]", "\"text\"", "{\"a\":1} x", "[".repeat(10_000))) {
            assertThat(api.send("POST", CONFIG_MAPS, JSON, body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertRefused(
                api.send("PATCH", CONFIG_MAPS + "/settings", "application/merge-patch+json", "{"),
                400,
                "BadRequest",
                "error decoding patch");
    }

    @Test
    void bodyBeyondTheLimitIsTooLarge() throws Exception {
        String body = "{\"data\":{\"a\":\"" + "x".repeat(ApiRequest.BODY_LIMIT) + "\"}}";

        assertRefused(api.send("POST", CONFIG_MAPS, JSON, body), 413, "RequestEntityTooLarge", "limit is 3145728");
    }

    @Test
    void objectOfAnotherKindNamespaceOrNameIsRefused() throws Exception {
        assertRefused(
                api.send("POST", CONFIG_MAPS, JSON, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"),
                400,
                "BadRequest",
                "Pod in version \"v1\" cannot be handled as a ConfigMap");
        assertRefused(
                api.send("POST", CONFIG_MAPS, JSON, "{\"apiVersion\":\"apps/v1\",\"kind\":\"ConfigMap\"}"),
                400,
                "BadRequest",
                "the API version in the data (apps/v1) does not match the expected API version (v1)");
        assertRefused(
                api.send("POST", CONFIG_MAPS, JSON, "{\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"}}"),
                400,
                "BadRequest",
                "the namespace of the provided object does not match the namespace sent on the request");
        assertRefused(
                api.send("PUT", CONFIG_MAPS + "/settings", JSON, "{\"metadata\":{\"name\":\"other\"}}"),
                400,
                "BadRequest",
                "the name of the object (other) does not match the name on the URL (settings)");
    }

    @Test
    void unknownFieldIsAnErrorWhenStrictAWarningByDefaultAndNothingWhenIgnored() throws Exception {
        String pod = "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"containers\":[{\"name\":\"a\",\"imaage\":\"x\"}]}}";

        assertRefused(
                api.send("POST", PODS + "?fieldValidation=Strict", JSON, pod.formatted("strict")),
                400,
                "BadRequest",
                "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: "
                        + "unknown field \"spec.containers[0].imaage\"");
        HttpResponse<String> warned = api.send("POST", PODS, JSON, pod.formatted("warned"));
        HttpResponse<String> ignored =
                api.send("POST", PODS + "?fieldValidation=Ignore", JSON, pod.formatted("ignored"));

        assertThat(warned.statusCode()).isEqualTo(201);
        assertThat(warned.headers().allValues("Warning"))
                .containsExactly("299 - \"unknown field \\\"spec.containers[0].imaage\\\"\"");
        assertThat(ignored.statusCode()).isEqualTo(201);
        assertThat(ignored.headers().allValues("Warning")).isEmpty();
    }

    @Test
    void fieldThatProtobufCannotNameIsAWarning() throws Exception {
        byte[] configMap = HexFormat.of()
                .parseHex("6b387300" + "0a0f0a0276311209436f6e6669674d6170" + "1209" + "0a050a036f6c64" + "3801");

        HttpResponse<String> warned = api.send(api.request(CONFIG_MAPS)
                .setHeader("Content-Type", "application/vnd.kubernetes.protobuf")
                .POST(BodyPublishers.ofByteArray(configMap)));

        assertThat(warned.statusCode()).isEqualTo(201);
        assertThat(warned.headers().allValues("Warning")).containsExactly("299 - \"unknown field 7 of ConfigMap\"");
    }

    @Test
    void unknownOptionValuesAreInvalid() throws Exception {
        assertRefused(
                api.send("POST", CONFIG_MAPS + "?dryRun=Some", JSON, "{\"metadata\":{\"name\":\"a\"}}"),
                422,
                "Invalid",
                "Unsupported value: []string{\"Some\"}");
        assertRefused(api.get(CONFIG_MAPS + "?limit=many"), 400, "BadRequest", "invalid syntax");
        assertRefused(api.get(CONFIG_MAPS + "?labelSelector=%29%28"), 400, "BadRequest", "found ')', expected: !,");
        assertRefused(
                api.get(CONFIG_MAPS + "?labelSelector=a+b"),
                400,
                "BadRequest",
                "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
        assertRefused(
                api.get(CONFIG_MAPS + "?watch=1&fieldSelector=a+in+(b)"),
                400,
                "BadRequest",
                "invalid selector: 'a in (b)'; can't understand 'a in (b)'");
        assertRefused(
                api.get(CONFIG_MAPS + "?watch=true&sendInitialEvents=true"),
                422,
                "Invalid",
                "sendInitialEvents is forbidden");
    }

    @Test
    void yamlIsRead() throws Exception {
        HttpResponse<String> response =
                api.send("POST", CONFIG_MAPS, "application/yaml", "metadata: {name: fromyaml}\ndata: {a: b}\n");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(TestApi.tree(response)).containsEntry("data", Map.of("a", "b"));
    }

    @Test
    void dryRunKeepsNothing() throws Exception {
        assertThat(api.send("POST", CONFIG_MAPS + "?dryRun=All", JSON, "{\"metadata\":{\"name\":\"dry\"}}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(api.get(CONFIG_MAPS + "/dry").statusCode()).isEqualTo(404);
    }

    @Test
    void deletingACollectionDeletesWhatIsSelected() throws Exception {
        api.send("POST", CONFIG_MAPS, JSON, "{\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":\"y\"}}}");

        HttpResponse<String> response = api.send("DELETE", CONFIG_MAPS + "?labelSelector=x%3Dy", "", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(TestApi.tree(response)).containsEntry("kind", "ConfigMapList");
        assertThat(api.get(CONFIG_MAPS + "/a").statusCode()).isEqualTo(404);
        assertThat(api.get(CONFIG_MAPS + "/settings").statusCode()).isEqualTo(200);
    }

    @Test
    void attachAndPortForwardSayThatTheyAreNotSupportedYet() throws Exception {
        assertRefused(api.get(PODS + "/web/portforward"), 501, "NotImplemented", "pods/portforward is not supported");
        assertRefused(api.send("POST", PODS + "/web/attach", "", ""), 501, "NotImplemented", "pods/attach");
    }

    @Test
    void withoutAStoreTheServerIsUnavailable() throws Exception {
        try (TestApi empty = new TestApi(folder.resolve("empty"))) {
            assertThat(empty.get("/api/v1/pods").statusCode()).isEqualTo(503);
            assertThat(empty.get("/readyz").statusCode()).isEqualTo(500);
            assertThat(empty.get("/livez").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void mayAskWhatItMayDo() throws Exception {
        String question = "{\"spec\":{\"resourceAttributes\":{\"verb\":\"create\",\"resource\":\"pods\"}}}";

        HttpResponse<String> response =
                api.send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", JSON, question);

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(TestApi.tree(response)).containsEntry("status", Map.of("allowed", true));
    }

    // Kubernetes' own tests take it for a sign of a server that does not pass a plain object off as a table.
    @Test
    void reviewIsNoTable() throws Exception {
        HttpResponse<String> response = api.send(api.request("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
                .setHeader("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .setHeader("Content-Type", JSON)
                .POST(BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(406);
    }

    @Test
    void answersSayTheirLength() throws Exception {
        HttpResponse<String> response = api.get(CONFIG_MAPS + "/settings");

        assertThat(response.headers().firstValueAsLong("Content-Length"))
                .hasValue(response.body().length());
    }
}
