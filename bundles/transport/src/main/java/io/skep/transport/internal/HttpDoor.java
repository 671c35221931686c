package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.transport.ListenSettings;
import io.skep.transport.http.HttpAnswer;
import io.skep.transport.http.HttpHandler;
import io.skep.transport.http.HttpPort;
import io.skep.transport.http.HttpRequest;
import io.skep.transport.http.HttpServer;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves whole requests on ports of their own. */
final class HttpDoor implements HttpServer {

    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);

    /** Somewhat too large bodies are read and thrown away, so that the client gets to our answer. */
    private static final int MAX_READ_AWAY = 16 * MAX_BODY_BYTES;

    private final JettyRuntime runtime;
    private final Set<Server> servers = ConcurrentHashMap.newKeySet();

    HttpDoor(JettyRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public HttpPort serve(String name, ListenSettings settings, HttpHandler handler) {
        Server server = Ports.open(runtime, name, settings, s -> new WholeRequests(handler));
        servers.add(server);
        int port = Ports.port(server);
        LOG.info("serving: name={} host={} port={}", name, settings.host(), port);
        return new Opened(server, port);
    }

    void stop() {
        servers.forEach(Ports::close);
        servers.clear();
    }

    private final class Opened implements HttpPort {

        private final Server server;
        private final int port;

        Opened(Server server, int port) {
            this.server = server;
            this.port = port;
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void close() {
            if (servers.remove(server)) {
                Ports.close(server);
            }
        }
    }

    /** Reads the body whole, whatever the method, and writes the handler's answer. */
    private final class WholeRequests extends Handler.Abstract {

        private final HttpHandler handler;

        WholeRequests(HttpHandler handler) {
            this.handler = handler;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (request.getLength() > MAX_READ_AWAY) {
                write(tooLarge(), response, callback);
                return true;
            }
            if (request.getLength() > MAX_BODY_BYTES) {
                Runnable refuse = () -> write(tooLarge(), response, callback);
                Content.Source.consumeAll(request, Callback.from(refuse, callback::failed));
                return true;
            }
            Promise.Invocable<byte[]> whole = Promise.Invocable.from(
                    InvocationType.BLOCKING,
                    (body, failure) -> write(failure == null ? answer(request, body) : tooLarge(), response, callback));
            Content.Source.asByteArrayAsync(request, MAX_BODY_BYTES, whole);
            return true;
        }

        private HttpAnswer tooLarge() {
            return HttpAnswer.text(
                    HttpStatus.PAYLOAD_TOO_LARGE_413, "the body must have at most " + MAX_BODY_BYTES + " bytes\n");
        }

        private HttpAnswer answer(Request request, byte[] body) {
            try {
                return handler.handle(new HttpRequest(request.getMethod(), Peers.of(request), body));
            } catch (EdgeException e) {
                return HttpAnswer.text(e.reason().code(), e.getMessage() + "\n");
            } catch (RuntimeException e) {
                LOG.error(
                        "request failed: method={} path={}", request.getMethod(), Request.getPathInContext(request), e);
                return HttpAnswer.text(HttpStatus.INTERNAL_SERVER_ERROR_500, "internal error\n");
            }
        }

        private void write(HttpAnswer answer, Response response, Callback callback) {
            response.setStatus(answer.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
            response.write(true, ByteBuffer.wrap(answer.body()), callback);
        }
    }
}
