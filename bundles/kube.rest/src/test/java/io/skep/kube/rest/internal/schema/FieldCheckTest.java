package io.skep.kube.rest.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.rest.internal.json.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldCheckTest {

    private final FieldCheck check = new FieldCheck(new Schemas());

    @SuppressWarnings("unchecked")
    private FieldCheck.Findings check(ResourceKind kind, String json) {
        byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return check.check(kind, (Map<String, Object>) Json.read(text));
    }

    @Test
    void objectThatFitsHasNoFindings() {
        FieldCheck.Findings findings = check(
                Kinds.POD,
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','labels':{'any.key/x':'y'},"
                        + "'creationTimestamp':null,'managedFields':[{'fieldsV1':{'f:anything':{}}}]},"
                        + "'spec':{'containers':[{'name':'a','ports':[{'containerPort':80}],"
                        + "'livenessProbe':{'httpGet':{'port':8080}},'readinessProbe':{'httpGet':{'port':'http'}},"
                        + "'resources':{'limits':{'cpu':1,'memory':'64Mi','example.com/gpu':2}}}]}}");

        assertThat(findings).isEqualTo(FieldCheck.Findings.NONE);
    }

    @Test
    void everyUnknownFieldIsNamedWithItsPath() {
        assertThat(check(Kinds.POD, "{'spec':{'containers':[{},{'imaage':'x'}],'foo':1},'bar':{}}")
                        .unknown())
                .containsExactly(
                        "unknown field \"spec.containers[1].imaage\"",
                        "unknown field \"spec.foo\"",
                        "unknown field \"bar\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'spec':{'containers':[{'ports':[{'containerPort':'80'}]}]}} | cannot unmarshal string into Go struct"
                        + " field ContainerPort.spec.containers.ports.containerPort of type int32",
                "{'spec':{'containers':{}}} | cannot unmarshal object into Go struct field PodSpec.spec.containers"
                        + " of type []v1.Container",
                "{'spec':{'hostNetwork':'yes'}} | cannot unmarshal string into Go struct field"
                        + " PodSpec.spec.hostNetwork of type bool",
                "{'metadata':{'labels':{'a':1}}} | cannot unmarshal number into Go struct field"
                        + " ObjectMeta.metadata.labels of type string",
            })
    void wrongTypeIsToldInTheWordsOfTheRealServer(String json, String message) {
        assertThat(check(Kinds.POD, json).mismatch()).isEqualTo("json: " + message);
    }

    @Test
    void directivesOfAStrategicMergePatchAreNoUnknownFields() {
        assertThat(check(
                                Kinds.POD,
                                "{'spec':{'$setElementOrder/containers':[{'name':'a'}],"
                                        + "'containers':[{'$patch':'delete','name':'b'}]}}")
                        .unknown())
                .isEmpty();
    }

    // What kubectl apply sends for a field that the last configuration had and this one doesn't.
    @Test
    void unknownFieldThatAPatchTakesAwayIsNone() {
        byte[] patch = "{\"spec\":{\"gone\":null,\"here\":1}}".getBytes(StandardCharsets.UTF_8);

        assertThat(check.checkPatch(Kinds.POD, Json.readObject(new ByteArrayInputStream(patch)))
                        .unknown())
                .containsExactly("unknown field \"spec.here\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "spec/containers/0/imagee | spec.containers[0].imagee",
                "spec/containers/- | none",
                "spec/nodeSelector/any.key | none",
                "metadata/managedFields/0/fieldsV1/f:x | none",
                "spec/containers/0/ports/1/hostPort | none",
                "speck/containers | speck",
            })
    void placeOfAJsonPatchMustBeThere(String place, String unknown) {
        assertThat(check.checkAt(Kinds.POD, List.of(place.split("/")), null).unknown())
                .isEqualTo(unknown == null ? List.of() : List.of("unknown field \"" + unknown + "\""));
    }

    @Test
    void whatAJsonPatchPutsThereIsLookedInto() {
        assertThat(check.checkAt(Kinds.POD, List.of("spec", "containers", "2"), Map.of("name", "a", "imagee", "b"))
                        .unknown())
                .containsExactly("unknown field \"spec.containers[2].imagee\"");
    }

    @Test
    void kindWithoutSchemaPasses() {
        ResourceKind own = new ResourceKind(
                "example.com", "v1", "Thing", "things", "thing", true, List.of(), List.of(), List.of());

        assertThat(check(own, "{'anything':true}")).isEqualTo(FieldCheck.Findings.NONE);
    }
}
