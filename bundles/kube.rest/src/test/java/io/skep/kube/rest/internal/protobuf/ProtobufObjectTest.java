package io.skep.kube.rest.internal.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.rest.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufObjectTest {

    private static final String PREFIX = "6b387300";

    /** {@code typeMeta} of the envelope: v1, ConfigMap. */
    private static final String CONFIG_MAP = "0a0f0a0276311209436f6e6669674d6170";

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /** What {@code kubectl create cm dup --from-literal=a=1} sends: Go writes empty strings too. */
    @Test
    void configMapIsReadWithoutItsEmptyFields() {
        String metadata = "0a0d" + "0a03647570" + "1200" + "1a00" + "2200" + "4200";
        String data = "1206" + "0a0161" + "120131";
        String raw = "1217" + metadata + data;

        assertThat(ProtobufObject.read(hex(PREFIX + CONFIG_MAP + raw)).tree())
                .isEqualTo(Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        Map.of("name", "dup"),
                        "data",
                        Map.of("a", "1")));
    }

    @Test
    void listsNumbersAndBytesAreRead() {
        String secret = "0a0c0a0276311206536563726574";
        String finalizers = "7203" + "666f6f";
        String data = "1206" + "0a0170" + "120171";

        Map<String, Object> read = ProtobufObject.read(hex(PREFIX + secret + "120f" + "0a05" + finalizers + data))
                .tree();

        assertThat(read)
                .containsEntry("metadata", Map.of("finalizers", List.of("foo")))
                .containsEntry("data", Map.of("p", "cQ=="));
    }

    /** A pod that was created in JSON and is replaced in protobuf has not changed its tolerations. */
    @Test
    void wholeNumbersHaveTheTypesThatJsonGivesThem() {
        String pod = "0a090a0276311203506f64";
        String seconds = "28" + "ac02";
        String generation = "38" + "808080808001";
        byte[] raw = hex(PREFIX + pod + "1211" + "0a07" + generation + "1206" + "b20103" + seconds);

        Map<String, Object> read = ProtobufObject.read(raw).tree();

        assertThat(read).isEqualTo(Json.read("""
                        {"apiVersion": "v1", "kind": "Pod", "metadata": {"generation": 34359738368},
                         "spec": {"tolerations": [{"tolerationSeconds": 300}]}}""".getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "6b38",
                "00000000",
                PREFIX + "0aff",
                PREFIX + "0a",
                PREFIX + "0b",
                PREFIX + "0affffffffffffffffffff7f",
                PREFIX + CONFIG_MAP + "12020a7f"
            })
    void brokenMessagesAreRefused(String bytes) {
        assertThatThrownBy(() -> ProtobufObject.read(hex(bytes))).isInstanceOf(MalformedProtobufException.class);
    }

    @Test
    void messageThatIsNotInTheTableIsNamed() {
        assertThatThrownBy(() -> ProtobufObject.read(hex(PREFIX + "0a090a0276311203466f6f" + "12020a00")))
                .isInstanceOf(UnknownMessageException.class)
                .hasMessage("Foo");
    }

    /** {@code clusterName} was field 15 of {@code ObjectMeta}; clients before 1.24 write it, empty, in all they create. */
    @Test
    void emptyFieldThatIsNoMoreIsLeftOutWithoutAWord() {
        ProtobufObject read = ProtobufObject.read(hex(PREFIX + CONFIG_MAP + "1207" + "0a05" + "0a0161" + "7a00"));

        assertThat(read.tree()).containsEntry("metadata", Map.of("name", "a"));
        assertThat(read.unknown()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"12023801", "12033a0161", "1209390100000000000000", "12053d01000000"})
    void fieldWithContentThatIsNotInTheTableIsLeftOutAndNamed(String raw) {
        ProtobufObject read = ProtobufObject.read(hex(PREFIX + CONFIG_MAP + raw));

        assertThat(read.tree()).containsOnlyKeys("apiVersion", "kind");
        assertThat(read.unknown()).containsExactly("unknown field 7 of ConfigMap");
    }

    @Test
    void namesOfFieldsThatAreLeftOutAreBounded() {
        StringBuilder fields = new StringBuilder();
        for (int number = 16; number < 16 + 40; number++) {
            fields.append("%02x%02x01".formatted((number << 3 & 0x7f) | 0x80, number >> 4));
        }

        assertThat(ProtobufObject.read(hex(PREFIX + CONFIG_MAP + "1278" + fields))
                        .unknown())
                .hasSize(ProtobufObject.MOST_UNKNOWN);
    }

    /** An object as client-go encodes it in hexadecimal, and its JSON without what is null or empty for Go alone. */
    static Stream<Arguments> encoded() {
        return Stream.of(
                Arguments.of(
                        "quantities, times, zeros that are left out",
                        "0a0a0a02763112044e6f646512700a180a016e12001a0022002a003200380042005a050a0161120012080a0012"
                                + "001a0020001a4a0a0a0a0363707512030a01321a00221d0a0552656164791204547275651a080880e2cfaa0610"
                                + "0022002a00320032050a0308ee503a140a0012001a0022002a0032003a0042004a0052001a002200",
                        """
                        {"apiVersion":"v1","kind":"Node","metadata":{"name":"n","labels":{"a":""}},
                        "status":{"capacity":{"cpu":"2"},"conditions":[{"type":"Ready","status":"True",
                        "lastHeartbeatTime":"2023-11-14T22:13:20Z"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":10350}},
                        "nodeInfo":{"machineID":"","systemUUID":"","bootID":"","kernelVersion":"","osImage":"",
                        "containerRuntimeVersion":"","kubeletVersion":"","kubeProxyVersion":"","operatingSystem":"",
                        "architecture":""}}}"""),
                Arguments.of(
                        "inlined structs, references, ports by name, empty volume",
                        "0a090a0276311203506f6412da010a110a017012001a0022002a00320038004200129f010a090a016512041202"
                                + "0a0012730a016312002a00320a0a001000185022002a003a110a015812001a0a1a080a030a016d12016b420052"
                                + "1f0a1312110a001209080110001a037765621a002200100018002000280030005a180a0c1a0a0a06080010001a"
                                + "001200100018002000280030006a007200800100880100900100a201001a00320042004a005200580060006800"
                                + "8201008a01009a0100a80100c201001a230a001a0022002a00320042110a016312001a002000280032003a0042"
                                + "004a005a0072001a002200",
                        """
                        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"volumes":[{"name":"e",
                        "emptyDir":{}}],"containers":[{"name":"c","ports":[{"containerPort":80}],"env":[{"name":"X",
                        "valueFrom":{"configMapKeyRef":{"name":"m","key":"k"}}}],"livenessProbe":{"httpGet":{"port":"web"}},
                        "readinessProbe":{"tcpSocket":{"port":0}}}],"automountServiceAccountToken":false},
                        "status":{"containerStatuses":[{"name":"c","ready":false,"restartCount":0,"image":"",
                        "imageID":""}]}}"""),
                Arguments.of(
                        "microseconds",
                        "0a1f0a16636f6f7264696e6174696f6e2e6b38732e696f2f763112054c6561736512220a110a016e12001a0022"
                                + "002a00320038004200120d220b0880e2cfaa06108094ef3a1a002200",
                        """
                        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"n"},
                        "spec":{"renewTime":"2023-11-14T22:13:20.123456Z"}}"""),
                Arguments.of(
                        "maps of quantities",
                        "0a1e0a0e6e6f64652e6b38732e696f2f7631120c52756e74696d65436c617373124c0a0f0a017212001a0022"
                                + "002a003800420012046b6174611a0e0a0c0a0363707512050a0331306d22230a060a016112016212190a016b"
                                + "1205457175616c1a0176220a4e6f5363686564756c651a002200",
                        """
                        {"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"r"},"handler":"kata",
                        "overhead":{"podFixed":{"cpu":"10m"}},"scheduling":{"nodeSelector":{"a":"b"},
                        "tolerations":[{"key":"k","operator":"Equal","value":"v","effect":"NoSchedule"}]}}"""),
                Arguments.of(
                        "another group's kind of one name, embedded JSON",
                        "0a190a106576656e74732e6b38732e696f2f763112054576656e74125b0a2d0a016512001a0022002a00320038"
                                + "0042008a01190a016d12001a0032003a0c0a0a7b22663a61223a7b7d7d42001200220272632a0032003a00420e"
                                + "0a0012001a0022002a0032003a0052005a0062040a0012006a00720078001a002200",
                        """
                        {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e",
                        "managedFields":[{"manager":"m","fieldsV1":{"f:a":{}}}]},"reportingController":"rc"}"""),
                Arguments.of(
                        "empty text that a pointer holds",
                        "0a1b0a027631121550657273697374656e74566f6c756d65436c61696d121f0a110a017612001a0022002a0032"
                                + "0038004200120612001a002a001a020a001a002200",
                        """
                        {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"v"},
                        "spec":{"storageClassName":""}}"""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encoded")
    void objectsReadAsTheirJson(String what, String hex, String json) {
        Object expected = Json.read(json.getBytes(StandardCharsets.UTF_8));

        assertThat(Json.read(Json.bytes(ProtobufObject.read(hex(PREFIX + hex)).tree())))
                .isEqualTo(expected);
    }
}
