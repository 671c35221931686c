package io.skep.kube.rest.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.rest.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenApiTest {

    private final Schemas schemas = new Schemas();
    private final OpenApi openApi = new OpenApi(schemas, "v1.31.0");

    @Test
    void secondVersionHasAllThatItsKindsReferTo() {
        Map<String, Object> definitions = Schemas.object(openApi.v2(Kinds.ALL).get("definitions"));

        assertThat(definitions)
                .containsKeys(
                        "io.k8s.api.core.v1.Pod", "io.k8s.api.core.v1.Container", "io.k8s.api.coordination.v1.Lease")
                .doesNotContainKey("io.k8s.api.apps.v1.Deployment");
        assertThat(Json.text(definitions)).doesNotContain("#/components/");
    }

    @Test
    void thirdVersionPointsIntoItsOwnDocument() {
        String document = Json.text(openApi.v3(Kinds.ALL));

        assertThat(document)
                .contains("\"$ref\":\"#/components/schemas/io.k8s.api.core.v1.PodSpec\"")
                .doesNotContain("#/definitions/");
    }

    /** kubectl validates on the server only when it finds this parameter on the kind's patch. */
    @Test
    void patchOfEveryKindTakesFieldValidation() {
        Map<String, Object> paths = Schemas.object(openApi.v3(Kinds.ALL).get("paths"));

        Map<String, Object> patch =
                Schemas.object(Schemas.object(paths.get("/api/v1/namespaces/{namespace}/pods/{name}"))
                        .get("patch"));

        assertThat(Json.text(patch.get("parameters")))
                .contains("fieldValidation")
                .contains("dryRun");
        assertThat(patch.get("x-kubernetes-group-version-kind"))
                .isEqualTo(Map.of("group", "", "version", "v1", "kind", "Pod"));
    }

    @Test
    void indexNamesEveryGroupOnce() {
        assertThat(Schemas.object(openApi.v3Index(Kinds.ALL).get("paths")))
                .containsOnlyKeys(
                        "api/v1",
                        "apis/coordination.k8s.io/v1",
                        "apis/node.k8s.io/v1",
                        "apis/reliablesyncs.kubeedge.io/v1alpha1");
    }

    @Test
    void protobufHoldsEveryDefinition() {
        String bytes = new String(OpenApiProto.encode(openApi.v2(Kinds.ALL)), StandardCharsets.ISO_8859_1);

        schemas.definitions()
                .reachable(Kinds.ALL)
                .keySet()
                .forEach(name -> assertThat(bytes).contains(name));
    }

    @Test
    void numbersOfManyBytesAreWrittenInGroupsOfSeven() {
        byte[] message = new ProtoMessage().text(31, "x".repeat(300)).bytes();

        assertThat(message).startsWith(0xfa, 0x01, 0xac, 0x02, 'x').hasSize(304);
    }
}
