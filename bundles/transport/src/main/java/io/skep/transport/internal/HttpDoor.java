package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.transport.ListenSettings;
import io.skep.transport.http.HttpAnswer;
import io.skep.transport.http.HttpHandler;
import io.skep.transport.http.HttpPort;
import io.skep.transport.http.HttpRequest;
import io.skep.transport.http.HttpServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
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

    private static final HttpHandler NOBODY =
            request -> HttpAnswer.text(HttpStatus.SERVICE_UNAVAILABLE_503, "being replaced: try again\n");

    private final JettyRuntime runtime;
    private final Set<Served> open = ConcurrentHashMap.newKeySet();
    private final ReleasedPorts<Served> released;

    /** A port and whoever answers there now. */
    private static final class Served {

        private volatile HttpHandler handler;
        private volatile Server server;

        Served(HttpHandler handler) {
            this.handler = handler;
        }
    }

    HttpDoor(JettyRuntime runtime) {
        this.runtime = runtime;
        this.released = new ReleasedPorts<>(runtime, this::close);
    }

    @Override
    public HttpPort serve(String name, ListenSettings settings, HttpHandler handler) {
        Optional<Served> left = released.take(name, settings);
        left.ifPresent(port -> port.handler = handler);
        Served port = left.orElseGet(() -> open(name, settings, handler));
        Handle handle = new Handle(released.hold(name, settings, port));
        LOG.info("serving: name={} host={} port={}", name, settings.host(), handle.port());
        return handle;
    }

    private Served open(String name, ListenSettings settings, HttpHandler handler) {
        Served port = new Served(handler);
        port.server = Ports.open(runtime, name, settings, new WholeRequests(port));
        open.add(port);
        return port;
    }

    private void close(Served port) {
        if (open.remove(port)) {
            Ports.close(port.server);
        }
    }

    void stop() {
        open.forEach(this::close);
    }

    private final class Handle implements HttpPort {

        private final ReleasedPorts<Served>.Hold hold;

        Handle(ReleasedPorts<Served>.Hold hold) {
            this.hold = hold;
        }

        @Override
        public int port() {
            return Ports.port(hold.port().server);
        }

        @Override
        public void release(Duration grace) {
            hold.release(port -> port.handler = NOBODY, grace);
        }

        @Override
        public void close() {
            hold.close(HttpDoor.this::close);
        }
    }

    /** Reads the body whole, whatever the method, and writes the handler's answer. */
    private final class WholeRequests extends Handler.Abstract {

        private final Served served;

        WholeRequests(Served served) {
            this.served = served;
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
                return served.handler.handle(new HttpRequest(request.getMethod(), Peers.of(request), body));
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
