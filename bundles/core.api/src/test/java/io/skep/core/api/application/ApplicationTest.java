package io.skep.core.api.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApplicationTest {

    private final Application application = Application.get("/core/v1/pods/default/web-0");

    @Test
    void fieldsAreThoseOfKubeEdge() {
        Map<String, Object> expected = new HashMap<>(Map.of(
                "Key", "/core/v1/pods/default/web-0",
                "Verb", "get",
                "Nodename", "edge-1",
                "Option", "e30=",
                "Subresource", "",
                "Status", "InApplying",
                "Reason", "",
                "Error", Map.of("ErrStatus", Map.of("metadata", Map.of())),
                "Timestamp", "0001-01-01T00:00:00Z"));
        expected.put("ReqBody", null);
        expected.put("RespBody", null);
        expected.put("ID", application.id("edge-1"));

        assertThat(application.fields("edge-1")).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(application.id("edge-1")).hasSize(64);
    }

    @Test
    void idTellsNodesAndBodiesApart() {
        Application other = new Application(application.key(), "get", "{}", Optional.of("{}"), "");

        assertThat(application.id("edge-1"))
                .isEqualTo(Application.get(application.key()).id("edge-1"));
        assertThat(application.id("edge-1")).isNotEqualTo(application.id("edge-2"));
        assertThat(application.id("edge-1")).isNotEqualTo(other.id("edge-1"));
    }

    @Test
    void answerSaysWhatCameOfIt() {
        ApplicationAnswer approved = ApplicationAnswer.of(Map.of("Status", "Approved", "RespBody", "e30="));
        ApplicationAnswer rejected = ApplicationAnswer.of(
                Map.of("Status", "Rejected", "Error", Map.of("ErrStatus", Map.of("reason", "NotFound"))));
        ApplicationAnswer failed = ApplicationAnswer.of(Map.of(
                "Status",
                "Failed",
                "Reason",
                "no such thing",
                "Error",
                Map.of("ErrStatus", Map.of("metadata", Map.of()))));

        assertThat(approved.done()).isTrue();
        assertThat(approved.result()).contains("{}");
        assertThat(rejected.done()).isFalse();
        assertThat(rejected.error()).containsEntry("reason", "NotFound");
        assertThat(failed.error()).isEmpty();
        assertThat(failed.reason()).isEqualTo("no such thing");
    }

    @Test
    void answerThatIsNoneIsRefused() {
        Map<String, Object> fields = Map.of("Status", "Approved", "RespBody", "%");

        assertThatThrownBy(() -> ApplicationAnswer.of(fields)).isInstanceOf(EdgeException.class);
    }
}
