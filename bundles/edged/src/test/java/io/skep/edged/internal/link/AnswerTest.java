package io.skep.edged.internal.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import org.junit.jupiter.api.Test;

class AnswerTest {

    private static final String EMPTY = "{\"metadata\":{\"creationTimestamp\":null},\"spec\":{}}";

    @Test
    void objectBesideNoErrorIsTheAnswer() {
        assertThat(answer("{\"Object\":{\"metadata\":{\"name\":\"edge-1\"}},\"Err\":null}")
                        .doc())
                .hasValueSatisfying(
                        lease -> assertThat(lease.text("metadata", "name")).isEqualTo("edge-1"));
    }

    /** CloudCore answers so while its API is away; a lease renewed from that had no name from then on. */
    @Test
    void objectBesideAnErrorWithoutAStatusIsNone() {
        assertThatThrownBy(() -> answer(
                        "{\"Object\":" + EMPTY + ",\"Err\":{\"Op\":\"Put\",\"URL\":\"https://10.0.0.1/\",\"Err\":{}}}"))
                .isInstanceOf(EdgeException.class);
        assertThatThrownBy(() -> answer("{\"Object\":" + EMPTY + ",\"Err\":{}}"))
                .isInstanceOf(EdgeException.class);
    }

    private static Answer answer(String content) {
        Route route = Route.of("edgecontroller", "resource", Operation.RESPONSE, "kube-node-lease/lease/edge-1");
        return Answer.of(Message.of(route, new Content.Json(content)));
    }
}
