package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.WriteOptions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a secret must hold. */
class SecretsTest extends EmbeddedStoreTest {

    @Test
    void secretOfATypeHoldsWhatTheTypeIsFor() {
        for (String[] wrong : new String[][] {
            {"basic-auth", "a", "[data[username]: Required value, data[password]: Required value]"},
            {"service-account-token", "a", "metadata.annotations[kubernetes.io/service-account.name]: Required value"},
            {
                "dockerconfigjson",
                ".dockerconfigjson",
                "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\""
            }
        }) {
            KubeObject secret = KubeObject.of(Map.of(
                    "metadata", Map.of("name", "a"),
                    "type", "kubernetes.io/" + wrong[0],
                    "stringData", Map.of(wrong[1], "x")));

            assertStatus(() -> store.create(Kinds.SECRET, NS, secret, WriteOptions.NONE), 422, wrong[2]);
        }
    }

    @Test
    void dataThatIsNotBase64IsRefused() {
        for (String[] wrong : new String[][] {{"pass!word", "4"}, {"eHl6eA", "4"}, {"x", "0"}, {"eA=", "0"}}) {
            Map<String, Object> data = Map.of("metadata", Map.of("name", "a"), "data", Map.of("key", wrong[0]));

            assertStatus(
                    () -> store.create(Kinds.SECRET, NS, KubeObject.of(data), WriteOptions.NONE),
                    400,
                    "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte "
                            + wrong[1]);
        }
        Map<String, Object> lines = Map.of("metadata", Map.of("name", "a"), "data", Map.of("key", "eHl6\neA==\n"));

        assertThat(store.create(Kinds.SECRET, NS, KubeObject.of(lines), WriteOptions.NONE)
                        .name())
                .isEqualTo("a");
    }
}
