package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.PatchType;
import io.skep.kube.rest.internal.schema.FieldCheck;
import io.skep.kube.rest.internal.schema.Schemas;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of unknown fields and of those that come twice, whatever they come in. */
class FieldValidationTest {

    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String POD = PODS + "/web";
    private static final String JSON = "application/json";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String STRICT = "?fieldValidation=Strict";

    @TempDir
    Path folder;

    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(folder, new InMemoryResourceStore(Kinds.ALL));
        api.send("POST", PODS, JSON, "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"containers\":[{\"name\":\"a\"}]}}");
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
    }

    private static List<String> warnings(HttpResponse<String> answer) {
        return answer.headers().allValues("Warning");
    }

    @Test
    void jsonPatchWithAnUnknownFieldIsRefusedOrWarnedOf() throws Exception {
        String patch = "[{\"op\":\"add\",\"path\":\"/spec/containers/0/imagee\",\"value\":\"x\",\"why\":1}]";

        HttpResponse<String> refused = api.send("PATCH", POD + STRICT, JSON_PATCH, patch);
        List<String> warned = new PatchCheck(new FieldCheck(new Schemas()))
                .warnings(new Query(Map.of()), Kinds.POD, PatchType.JSON, patch.getBytes(StandardCharsets.UTF_8));

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("strict decoding error: json patch unknown field \\\"[0].why\\\","
                        + " unknown field \\\"spec.containers[0].imagee\\\"");
        assertThat(warned)
                .containsExactly("json patch unknown field \"[0].why\"", "unknown field \"spec.containers[0].imagee\"");
    }

    @Test
    void refusedStrategicMergePatchIsShownAsGoShowsAMap() throws Exception {
        assertThat(api.send(
                                "PATCH",
                                POD + STRICT,
                                "application/strategic-merge-patch+json",
                                "{\"spec\":{\"replicas\":2,\"nodeName\":null}}")
                        .body())
                .contains("patch: Invalid value: \\\"map[spec:map[nodeName:\u003cnil\u003e replicas:2]]\\\":"
                        .replace("\u003c", "<")
                        .replace("\u003e", ">"))
                .contains("strict decoding error: unknown field \\\"spec.replicas\\\"");
    }

    @Test
    void yamlIsHeldToTheSameAndNamesTheLineOfAKeyThatComesTwice() throws Exception {
        String yaml = "metadata:\n  name: y\nspec:\n  nodeName: a\n  nodeName: b\n  replicas: 2\n";

        HttpResponse<String> refused = api.send("POST", PODS + STRICT, "application/yaml", yaml);
        HttpResponse<String> warned = api.send("POST", PODS, "application/yaml", yaml);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("strict decoding error: unknown field \\\"spec.replicas\\\", yaml: unmarshal errors:\\n"
                        + "  line 5: key \\\"nodeName\\\" already set in map");
        assertThat(warned.statusCode()).isEqualTo(201);
        assertThat(warnings(warned)).hasSize(2).noneMatch(text -> text.contains("\n"));
    }

    @Test
    void bindingWithAnUnknownFieldIsRefused() throws Exception {
        String binding = "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"target\":{\"name\":\"n\",\"zone\":\"z\"}}";

        HttpResponse<String> refused = api.send("POST", POD + "/binding" + STRICT, JSON, binding);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("Binding in version \\\"v1\\\" cannot be handled as a Binding: strict decoding error:"
                        + " unknown field \\\"target.zone\\\"");
    }

    // The header of an answer has an end, and the object is stored when it is written.
    @Test
    void bodyFullOfUnknownFieldsIsAnsweredWithSomeWarnings() throws Exception {
        StringBuilder body = new StringBuilder("{\"metadata\":{\"name\":\"full\"}");
        for (int i = 0; i < 5_000; i++) {
            body.append(",\"").append("x".repeat(200)).append(i).append("\":1");
        }

        HttpResponse<String> answer =
                api.send("POST", PODS, JSON, body.append('}').toString());

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(warnings(answer)).hasSizeBetween(5, 30);
    }
}
