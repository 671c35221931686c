package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.LinkTarget;
import io.skep.transport.tls.ClientTls;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private static final LinkTarget TARGET = new LinkTarget(
            URI.create("wss://cloud:10000/e632/vm/events"), Map.of(), ClientTls.trustingAll(), Duration.ofSeconds(1));

    private static EdgeException explained(Exception failure) {
        return Refusals.explain(TARGET, new CompletionException(failure), "");
    }

    // Jetty's words are its own objects, or none.
    @Test
    void aConnectionThatWasCutBeforeTheLinkWasOpenIsSaidInOneWay() {
        for (Exception failure : List.of(
                new EOFException("HttpConnectionOverHTTP@1f::SslEndPoint@2a[{l=/127.0.0.1:1,r=/127.0.0.1:2,OPEN}]"),
                new ClosedChannelException(),
                new IOException("Broken pipe"),
                new SocketException("Connection reset"),
                new IOException("Abruptly closed by peer"))) {
            EdgeException said = explained(failure);

            assertThat(said.reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE);
            assertThat(said).hasMessage("cloud:10000 closed the connection before the link was open");
        }
    }

    @Test
    void whatIsSaidNowhereElseIsToldAsItIs() {
        assertThat(explained(new SocketException("Network is unreachable")))
                .hasMessage("no link to cloud:10000: java.net.SocketException: Network is unreachable");
        assertThat(explained(new IllegalStateException()))
                .hasMessage("no link to cloud:10000: java.lang.IllegalStateException");
    }
}
