package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.transport.tunnel.TunnelFrame.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ExecRefusalsTest extends ExecFixture {

    private String refused(String path, String query, Map<String, List<String>> headers) throws InterruptedException {
        return cloud.all(cloud.ask(Type.EXEC, "/exec/" + path, query, headers));
    }

    @Test
    void whatCannotBeRunIsRefusedAsKubeletDoes() throws Exception {
        assertThat(refused("default/web/no-such", ALL, SPDY))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .endsWith("container \"no-such\" not found in pod \"web\"");
        assertThat(refused("default/web/another-uid/app", ALL, SPDY)).startsWith("HTTP/1.1 404 ");
        assertThat(refused("default/web/app", "command=ls", SPDY)).startsWith("HTTP/1.1 400 ");
        assertThat(refused("default/web/app", "output=1", SPDY)).startsWith("HTTP/1.1 400 ");
        assertThat(refused("default/web/app", ALL, Map.of())).startsWith("HTTP/1.1 400 ");
        assertThat(refused("default/web/app", ALL, webSocket("v1.channel.k8s.io")))
                .startsWith("HTTP/1.1 403 ");
    }

    // KubeEdge's cloud passes the bytes on as they are: kubectl waits for ever for what is no answer to its upgrade.
    @Test
    void whatIsNoCommandIsRefusedByAnAnswerToTheUpgrade() throws Exception {
        assertThat(cloud.all(cloud.ask(Type.ATTACH, "/attach/default/web/app", "output=1", SPDY)))
                .startsWith("HTTP/1.1 501 Not Implemented\r\n")
                .endsWith("attach is not supported on this node");
        assertThat(cloud.all(cloud.ask(Type.EXEC, "/run/default/web/app", ALL, SPDY)))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .endsWith("404 page not found");
    }

    @Test
    void commandBeyondTheMostStreamsIsRefusedByAnAnswerToTheUpgrade() throws Exception {
        write("app/0.log", "one");
        cloud.next(cloud.askLogs("default/web/app", "follow=true"));
        cloud.next(cloud.askLogs("default/web/app", "follow=true"));

        assertThat(refused("default/web/app", ALL, SPDY))
                .startsWith("HTTP/1.1 429 Too Many Requests\r\n")
                .endsWith("streams.max is 2");
    }
}
