package io.skep.edgehub.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the hub share: one with good credentials, and links and a context that are fakes. */
abstract class HubTest {

    static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    Path folder;

    final FakeModuleContext context = new FakeModuleContext("websocket");
    final Instant start = context.clock().instant();
    final InMemoryDocumentStore store = new InMemoryDocumentStore();
    final FakeLinks links = new FakeLinks();
    EdgeHub hub;

    @BeforeEach
    void credentials() {
        save(Fixture.credentials("edge-1", start.minusSeconds(60), YEAR));
        hub = new EdgeHub(Fixture.settings(folder), links, store);
    }

    void save(Credentials credentials) {
        new CertificateFiles(folder, "edge-1").save(credentials);
    }

    void start() {
        hub.start(context, Handover.NONE);
        context.runWork();
    }

    void receive(Message message) {
        hub.receive(message);
        context.runWork();
    }

    CompletableFuture<Void> fromCloud(Message message) {
        CompletableFuture<Void> done = links.current.listener.received(message).toCompletableFuture();
        context.runWork();
        return done;
    }

    static Message message(String source, String group, String operation, String resource) {
        return Message.of(Route.of(source, group, operation, resource), new Content.Json("{}"));
    }

    static Message request(Message message) {
        return message.withHeader(message.header().withSync(true));
    }
}
