package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.transport.tls.ClientTls;
import org.eclipse.jetty.client.ContentDecoder;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketsTest {

    private final JettyRuntime runtime = new JettyRuntime();

    @AfterEach
    void stop() {
        runtime.stop();
    }

    // With none of its own it looks for them at each start, by a class of a bundle that may not be there.
    @Test
    void clientLooksForNoDecoders() {
        runtime.start();
        WebSocketCoreClient client = runtime.webSockets().client(ClientTls.trustingAll());
        try {
            assertThat(client.getHttpClient().getContentDecoderFactories())
                    .extracting(ContentDecoder.Factory::getEncoding)
                    .containsExactly("identity");
        } finally {
            LifeCycle.stop(client);
        }
    }
}
