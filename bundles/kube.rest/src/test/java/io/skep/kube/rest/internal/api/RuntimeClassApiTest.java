package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.InMemoryResourceStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RuntimeClasses through the door, as kubectl and the conformance tests go. */
class RuntimeClassApiTest {

    private static final String JSON = "application/json";
    private static final String CLASSES = "/apis/node.k8s.io/v1/runtimeclasses";
    private static final String KATA = CLASSES + "/kata";

    @TempDir
    Path folder;

    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(folder, new InMemoryResourceStore());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private HttpResponse<String> create(String fields) throws Exception {
        return api.send("POST", CLASSES + "?fieldValidation=Strict", JSON, """
                {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass",
                 "metadata": {"name": "kata", "labels": {"test": "yes"}}, %s}""".formatted(fields));
    }

    private static List<?> items(HttpResponse<String> list) {
        return (List<?>) TestApi.tree(list).get("items");
    }

    @Test
    void groupIsAnnouncedAtEachOfItsPaths() throws Exception {
        assertThat(api.get("/apis").body()).contains("\"node.k8s.io\"");
        assertThat(TestApi.tree(api.get("/apis/node.k8s.io"))).containsEntry("name", "node.k8s.io");
        assertThat(api.get("/apis/node.k8s.io/v1").body()).contains("\"runtimeclasses\"");
    }

    @Test
    void objectLivesFromItsCreationToItsDeletion() throws Exception {
        assertThat(create("\"handler\": \"kata\"").statusCode()).isEqualTo(201);
        assertThat(create("\"handler\": \"kata\"").statusCode()).isEqualTo(409);
        HttpResponse<String> patched = api.send(
                "PATCH",
                KATA,
                "application/merge-patch+json",
                "{\"metadata\":{\"annotations\":{\"patched\":\"true\"}}}");
        HttpResponse<String> updated =
                api.send("PUT", KATA, JSON, patched.body().replace("patched", "updated"));

        assertThat(updated.statusCode()).isEqualTo(200);
        assertThat(api.get(KATA).body()).contains("\"updated\"").doesNotContain("\"patched\"");
        assertThat(items(api.get(CLASSES + "?labelSelector=test%3Dyes"))).hasSize(1);
        assertThat(api.send("DELETE", KATA, "", "").statusCode()).isEqualTo(200);
        assertThat(api.get(KATA).statusCode()).isEqualTo(404);
    }

    @Test
    void collectionIsDeletedByLabel() throws Exception {
        create("\"handler\": \"kata\"");

        api.send("DELETE", CLASSES + "?labelSelector=test%3Dno", "", "");
        assertThat(items(api.get(CLASSES))).hasSize(1);

        api.send("DELETE", CLASSES + "?labelSelector=test%3Dyes", "", "");
        assertThat(items(api.get(CLASSES))).isEmpty();
    }

    // What kubectl apply sends for a kind that its client knows.
    @Test
    void strategicPatchFindsTheKindsFields() throws Exception {
        create("\"handler\": \"kata\", \"overhead\": {\"podFixed\": {\"cpu\": \"10m\"}}");

        HttpResponse<String> patched = api.send(
                "PATCH",
                KATA,
                "application/strategic-merge-patch+json",
                "{\"overhead\":{\"podFixed\":{\"memory\":\"1Mi\"}}}");

        assertThat(TestApi.tree(patched))
                .containsEntry("overhead", Map.of("podFixed", Map.of("cpu", "10m", "memory", "1Mi")));
    }

    @Test
    void fieldThatIsNoneIsRefused() throws Exception {
        HttpResponse<String> response = create("\"handler\": \"kata\", \"handlr\": \"runc\"");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("handlr");
    }
}
