package io.skep.kube.rest.internal.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

        assertThat(ProtobufObject.read(hex(PREFIX + CONFIG_MAP + raw)))
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

        Map<String, Object> read = ProtobufObject.read(hex(PREFIX + secret + "120f" + "0a05" + finalizers + data));

        assertThat(read)
                .containsEntry("metadata", Map.of("finalizers", List.of("foo")))
                .containsEntry("data", Map.of("p", "cQ=="));
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
    void messageOrFieldThatIsNotInTheTableIsNamed() {
        assertThatThrownBy(() -> ProtobufObject.read(hex(PREFIX + "0a090a0276311203506f64" + "12020a00")))
                .isInstanceOf(UnknownMessageException.class)
                .hasMessage("Pod");
        assertThatThrownBy(() -> ProtobufObject.read(hex(PREFIX + CONFIG_MAP + "12023801")))
                .isInstanceOf(UnknownMessageException.class)
                .hasMessage("field 7 of ConfigMap");
    }
}
