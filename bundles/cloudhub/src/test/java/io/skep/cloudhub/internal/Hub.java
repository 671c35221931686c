package io.skep.cloudhub.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkListener;
import io.skep.transport.LinkPort;
import io.skep.transport.LinkServer;
import io.skep.transport.ListenSettings;
import io.skep.transport.http.HttpHandler;
import io.skep.transport.http.HttpPort;
import io.skep.transport.http.HttpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The module under test with doors that open to the test, a bus that records and a clock that waits. */
final class Hub implements LinkServer, HttpServer {

    final InMemoryResourceStore store = new InMemoryResourceStore();
    final FakeModuleContext context = new FakeModuleContext("cloudhub");
    final CloudHubModule module;
    final List<String> released = new ArrayList<>();
    private final Map<FakeLink, LinkListener> listeners = new HashMap<>();
    private LinkAcceptor acceptor;
    private HttpHandler handler;
    private int refusals;

    Hub() {
        this(Hub.settings(3));
    }

    Hub(CloudHubSettings settings) {
        module = new CloudHubModule(store, this, this, settings);
    }

    static CloudHubSettings settings(int nodeLimit) {
        return new CloudHubSettings(
                new CloudHubSettings.Endpoint("127.0.0.1", 0),
                new CloudHubSettings.Endpoint("127.0.0.1", 0),
                List.of("127.0.0.1"),
                List.of(),
                Duration.ofHours(24),
                Duration.ofDays(365),
                Duration.ofSeconds(30),
                nodeLimit,
                new CloudHubSettings.Delivery(Duration.ofSeconds(5), 5, 64, 100),
                Duration.ofSeconds(30));
    }

    static Hub started() {
        Hub hub = new Hub();
        hub.start();
        return hub;
    }

    void start() {
        module.start(context, Handover.NONE);
        context.runWork();
        context.clear();
    }

    /** What EdgeController was sent, a line each: operation, resource, content. */
    List<String> toController() {
        return context.sentTo("edgecontroller").stream()
                .map(m -> m.route().operation() + " " + m.route().resource() + " "
                        + m.content().json())
                .toList();
    }

    /** Makes the next attempts to listen fail. */
    void refuse(int times) {
        refusals = times;
    }

    HttpHandler enrolment() {
        return handler;
    }

    LinkAcceptor gate() {
        return acceptor;
    }

    FakeLink connect(String node) {
        return connect(node, "");
    }

    FakeLink connect(String node, String features) {
        FakeLink link = new FakeLink(node, features);
        LinkListener listener = acceptor.opened(link);
        link.attach(listener);
        listeners.put(link, listener);
        context.runWork();
        return link;
    }

    /** A message from a node. */
    Message says(FakeLink link, String source, String group, String operation, String resource, String json) {
        return says(link, Message.of(Route.of(source, group, operation, resource), new Content.Json(json)));
    }

    Message says(FakeLink link, Message message) {
        listeners.get(link).received(message);
        context.runWork();
        return message;
    }

    /** A message from a module of the cloud. */
    Message pass(String operation, String resource, String json, String version) {
        Message message =
                Message.of(Route.of("edgecontroller", "resource", operation, resource), new Content.Json(json));
        message = message.withHeader(message.header().withResourceVersion(version));
        module.receive(message);
        context.runWork();
        return message;
    }

    long metric(String name) {
        return (long) module.samples().stream()
                .filter(s -> s.name().equals(name))
                .mapToDouble(s -> s.value())
                .sum();
    }

    @Override
    public LinkPort listen(String key, ListenSettings settings, LinkAcceptor value) {
        if (refusals-- > 0) {
            throw new io.skep.core.api.EdgeException(
                    io.skep.core.api.EdgeException.Reason.SERVICE_UNAVAILABLE, "address already in use");
        }
        acceptor = value;
        return new LinkPort() {
            @Override
            public int port() {
                return 10000;
            }

            @Override
            public List<Link> links() {
                return List.copyOf(listeners.keySet());
            }

            @Override
            public void release(Duration grace) {
                released.add(key);
            }

            @Override
            public void close(String reason) {}
        };
    }

    @Override
    public HttpPort serve(String name, ListenSettings settings, HttpHandler value) {
        handler = value;
        return new HttpPort() {
            @Override
            public int port() {
                return 10002;
            }

            @Override
            public void release(Duration grace) {
                released.add(name);
            }

            @Override
            public void close() {}
        };
    }
}
