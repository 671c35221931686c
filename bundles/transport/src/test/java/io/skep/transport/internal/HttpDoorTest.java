package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.ListenSettings;
import io.skep.transport.http.HttpAnswer;
import io.skep.transport.http.HttpHandler;
import io.skep.transport.http.HttpPort;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.ServerTls.ClientAuth;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpDoorTest {

    private final JettyTransport transport = new JettyTransport();
    private final Cloud cloud = new Cloud();

    @AfterEach
    void stop() {
        transport.stop();
    }

    private HttpResponse<String> ask(HttpHandler handler, ClientTls tls, byte[] body) throws Exception {
        try (HttpPort port = transport.serve("door", cloud.settings(ClientAuth.OPTIONAL_UNVERIFIED), handler)) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://127.0.0.1:" + port.port() + "/edge.crt?x=1"))
                    .header("NodeName", "edge-1")
                    .method("GET", BodyPublishers.ofByteArray(body))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            return HttpClient.newBuilder()
                    .sslContext(tls.context())
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request, BodyHandlers.ofString());
        }
    }

    // KubeEdge sends its certificate request in the body of a GET.
    @Test
    void getWithABodyReachesTheHandlerWhole() throws Exception {
        HttpHandler echo = r -> HttpAnswer.text(
                200,
                r.method() + " " + r.path() + " " + r.header("nodename") + " "
                        + new String(r.body(), StandardCharsets.UTF_8)
                        + " " + r.peer().certificates().size());

        HttpResponse<String> answer = ask(echo, ClientTls.trustingAll(), "csr".getBytes(StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("GET /edge.crt edge-1 csr 0");
    }

    @Test
    void certificateOfAnyAuthorityIsShownToTheHandler() throws Exception {
        ClientTls foreign = new ClientTls(
                List.of(cloud.authority.certificate()),
                Optional.of(new Cloud().node("edge-1", Instant.now(), Duration.ofDays(1))));
        HttpHandler subject = r -> HttpAnswer.text(
                200, r.peer().certificates().get(0).getSubjectX500Principal().getName());

        assertThat(ask(subject, foreign, new byte[0]).body()).contains("CN=system:node:edge-1");
    }

    private HttpResponse<String> ask(int port) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(ClientTls.trustingAll().context())
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/"))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        BodyHandlers.ofString());
    }

    // A port opened anew costs a replaced hub more than all the rest of its start.
    @Test
    void releasedPortStaysOpenForASuccessorAndIsNoLongerTheFirstOnes() throws Exception {
        ListenSettings settings = cloud.settings(ClientAuth.OPTIONAL_UNVERIFIED);
        HttpPort first = transport.serve("door", settings, r -> HttpAnswer.text(200, "first"));
        int port = first.port();

        first.release(Duration.ofMinutes(5));
        HttpResponse<String> meanwhile = ask(port);
        HttpPort second = transport.serve("door", settings, r -> HttpAnswer.text(200, "second"));
        first.close();
        first.release(Duration.ZERO);

        assertThat(meanwhile.statusCode()).isEqualTo(503);
        assertThat(second.port()).isEqualTo(port);
        assertThat(ask(port).body()).isEqualTo("second");
    }

    @Test
    void releasedPortIsClosedForASuccessorWithOtherSettingsAndWhenNobodyCame() throws Exception {
        HttpHandler handler = r -> HttpAnswer.text(200, "served");
        HttpPort first = transport.serve("door", cloud.settings(ClientAuth.OPTIONAL_UNVERIFIED), handler);
        int firstPort = first.port();
        first.release(Duration.ofMinutes(5));
        HttpPort second = transport.serve("door", cloud.settings(ClientAuth.NONE), handler);

        assertThatThrownBy(() -> ask(firstPort)).isInstanceOf(IOException.class);
        int port = second.port();
        second.release(Duration.ZERO);
        WebSocketTunnelsTest.eventually(() -> isClosed(port));
    }

    private static boolean isClosed(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void bodyBeyondTheLimitIsRefused() throws Exception {
        HttpHandler never = r -> HttpAnswer.text(200, "read");

        assertThat(ask(never, ClientTls.trustingAll(), new byte[(1 << 20) + 1]).statusCode())
                .isEqualTo(413);
        assertThat(ask(never, ClientTls.trustingAll(), new byte[1 << 20]).statusCode())
                .isEqualTo(200);
    }

    @Test
    void failureOfTheHandlerIsAStatusAndNoMore() throws Exception {
        HttpHandler refusing = r -> {
            throw new EdgeException(Reason.UNAUTHORIZED, "join token refused: it has expired");
        };
        HttpHandler broken = r -> {
            throw new IllegalStateException("secret detail");
        };

        HttpResponse<String> refused = ask(refusing, ClientTls.trustingAll(), new byte[0]);
        HttpResponse<String> failed = ask(broken, ClientTls.trustingAll(), new byte[0]);

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("it has expired");
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).doesNotContain("secret");
    }

    @Test
    void clientThatExpectsAnotherAuthorityDoesNotTalkToUs() {
        ClientTls other = new Cloud().tls();

        assertThatThrownBy(() -> ask(r -> HttpAnswer.text(200, ""), other, new byte[0]))
                .isInstanceOf(IOException.class);
    }
}
