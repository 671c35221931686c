package io.skep.kube.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectorsTest {

    private final Connectors connectors = new Connectors();
    private final Server server = new Server();
    private final ServletContextHandler context = new ServletContextHandler("/");
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpRequest request;

    @BeforeEach
    void start() throws Exception {
        context.addServlet(
                new HttpServlet() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected void doGet(HttpServletRequest asked, HttpServletResponse answer) {
                        connectors.seen(asked);
                    }
                },
                "/pod");
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
        request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/pod"))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    // client-go takes any 404 for an object that is gone, and CloudCore then has the node delete the pod.
    @Test
    void clientsSeeAClosedConnectionAndNoAnswer() throws Exception {
        assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);

        connectors.close();
        context.stop();

        assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
    }
}
