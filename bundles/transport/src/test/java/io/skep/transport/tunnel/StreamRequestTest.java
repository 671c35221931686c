package io.skep.transport.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamRequestTest {

    private static final String KUBE_EDGE =
            "{\"MessID\":1,\"url\":{\"Scheme\":\"http\",\"Opaque\":\"\",\"User\":null,\"Host\":\"127.0.0.1:10350\","
                    + "\"Path\":\"/containerLogs/default/web-0/c1\",\"RawPath\":\"\",\"OmitHost\":false,"
                    + "\"ForceQuery\":false,\"RawQuery\":\"follow=true\",\"Fragment\":\"\",\"RawFragment\":\"\"},"
                    + "\"header\":{\"User-Agent\":[\"kube-apiserver\"]}}";

    private static final StreamRequest LOGS = new StreamRequest(
            1,
            "127.0.0.1:10350",
            "/containerLogs/default/web-0/c1",
            "follow=true",
            Map.of("User-Agent", List.of("kube-apiserver")),
            "");

    @Test
    void textIsThatOfKubeEdge() {
        assertThat(new String(LOGS.encode(), StandardCharsets.UTF_8)).isEqualTo(KUBE_EDGE);
        assertThat(StreamRequest.decode(KUBE_EDGE.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(LOGS);
    }

    @Test
    void methodOfACommandComesBack() {
        StreamRequest exec = new StreamRequest(7, "", "/exec/default/web-0/c1", "command=ls", Map.of(), "POST");
        assertThat(StreamRequest.decode(exec.encode())).isEqualTo(exec);
    }

    @Test
    void whatIsNoRequestIsRefused() {
        for (String text : new String[] {"", "{", "[]", "{}", "{\"MessID\":\"1\",\"url\":{\"Path\":\"/\"}}"}) {
            assertThatThrownBy(() -> StreamRequest.decode(text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isInstanceOf(EdgeException.class)
                    .hasMessageContaining("stream request");
        }
    }
}
