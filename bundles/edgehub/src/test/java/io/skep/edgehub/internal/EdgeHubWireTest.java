package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.LiveModuleContext;
import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.transport.Link;
import io.skep.transport.internal.JettyTransport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub over real sockets and TLS, from the token to the message. */
class EdgeHubWireTest {

    @TempDir
    Path folder;

    private final TestCloud cloud = new TestCloud();
    private final JettyTransport transport = new JettyTransport();
    private final LiveModuleContext context = new LiveModuleContext("websocket");
    private final InMemoryDocumentStore store = new InMemoryDocumentStore();

    @AfterEach
    void stop() {
        context.close();
        transport.stop();
        cloud.close();
    }

    private EdgeHub hub(String token) {
        return new EdgeHub(Fixture.settings(folder, cloud.https(), cloud.link(), token), transport, store);
    }

    private EdgeHub started(String token) throws Exception {
        EdgeHub hub = hub(token);
        context.on(() -> {
            hub.start(context, Handover.NONE);
            return null;
        });
        return hub;
    }

    private void receive(EdgeHub hub, Message message) throws Exception {
        context.on(() -> {
            hub.receive(message);
            return null;
        });
    }

    private static Message event(String text) {
        return Message.of(
                Route.of("edged", "meta", "insert", "default/event/" + text), new Content.Json("\"" + text + "\""));
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("time limit").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void nodeJoinsWithATokenAndConnectsWithWhatItGot() throws Exception {
        started(cloud.token());

        Link session = cloud.nextLink();

        assertThat(session.peer().header("node_id")).isEqualTo("edge-1");
        assertThat(session.peer()
                        .certificates()
                        .get(0)
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=system:node:edge-1,O=system:nodes");
        assertThat(cloud.signed).containsExactly("token edge-1 system:node:edge-1");
        assertThat(folder.resolve("ca.crt")).exists();
        assertThat(Files.readString(folder.resolve("node.pem"))).contains("CERTIFICATE", "EC PRIVATE KEY");
    }

    @Test
    void secondStartUsesWhatWasSavedAndNeedsNoToken() throws Exception {
        new CertificateFiles(folder, "edge-1")
                .save(new Enrolment(cloud.https(), "edge-1")
                        .join(io.skep.transport.tls.JoinToken.parse(cloud.token())));

        started("");

        assertThat(cloud.nextLink().isOpen()).isTrue();
        assertThat(cloud.signed).hasSize(1);
    }

    @Test
    void tokenOfAnotherCloudIsRefusedBeforeAnythingIsSent() throws Exception {
        try (TestCloud other = new TestCloud()) {
            EdgeHub hub = started(other.token());

            until(() -> hub.health().reason().equals("EnrolmentRefused"));
            assertThat(hub.health().ok()).isFalse();
            assertThat(hub.health().message()).contains("not the one of the join token");
            assertThat(cloud.signed).isEmpty();
        }
    }

    @Test
    void expiredTokenIsRefusedWithTheCloudsReason() throws Exception {
        String expired = io.skep.transport.tls.JoinToken.create(
                        cloud.authority, java.time.Instant.now().minusSeconds(1))
                .text();

        EdgeHub hub = started(expired);

        until(() -> hub.health().reason().equals("EnrolmentRefused"));
        assertThat(hub.health().message()).contains("401", "expired");
    }

    // The cloud was made anew: the saved certificate is worth nothing there, a token of the new one is.
    @Test
    void tokenOfANewCloudReplacesWhatTheOldOneGave() throws Exception {
        try (TestCloud old = new TestCloud()) {
            new CertificateFiles(folder, "edge-1")
                    .save(new Enrolment(old.https(), "edge-1")
                            .join(io.skep.transport.tls.JoinToken.parse(old.token())));
        }

        started(cloud.token());

        assertThat(cloud.nextLink().isOpen()).isTrue();
    }

    @Test
    void certificateOfAForeignAuthorityIsNamedInHealth() throws Exception {
        try (TestCloud old = new TestCloud()) {
            new CertificateFiles(folder, "edge-1")
                    .save(new Enrolment(old.https(), "edge-1")
                            .join(io.skep.transport.tls.JoinToken.parse(old.token())));
        }

        EdgeHub hub = started("");

        until(() -> hub.health().reason().equals("CertificateTrouble"));
        assertThat(hub.health().message()).contains("not signed by the expected certificate authority");
    }

    @Test
    void certificateIsRenewedBeforeItExpiresAndTheLinkStays() throws Exception {
        cloud.validity = Duration.ofDays(10);
        cloud.age = Duration.ofDays(9);
        Credentials old =
                new Enrolment(cloud.https(), "edge-1").join(io.skep.transport.tls.JoinToken.parse(cloud.token()));
        cloud.age = Duration.ZERO;
        Passport passport = new Passport(
                new CertificateFiles(folder, "edge-1"), new Enrolment(cloud.https(), "edge-1"), "", java.util.Map.of());

        Credentials renewed = passport.renew(old);

        assertThat(old.renewAt(new java.util.Random())).isBefore(java.time.Instant.now());
        assertThat(renewed.notAfter()).isAfter(old.notAfter());
        assertThat(cloud.signed)
                .containsExactly("token edge-1 system:node:edge-1", "certificate edge-1 system:node:edge-1");
        assertThat(new CertificateFiles(folder, "edge-1").load()).contains(renewed);
    }

    @Test
    void whatHappenedWhileTheCloudWasAwayArrivesWhenItIsBack() throws Exception {
        EdgeHub hub = started(cloud.token());
        cloud.nextLink();
        cloud.goAway();
        until(() -> hub.health().reason().equals("Unreachable")
                || hub.health().reason().equals("ConnectionLost"));
        receive(hub, event("a"));
        receive(hub, event("b"));

        long back = System.nanoTime();
        cloud.comeBack();
        Link session = cloud.nextLink();

        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(15));
        Message a = cloud.next();
        Message b = cloud.next();
        assertThat(a.route().resource()).endsWith("/a");
        assertThat(b.route().resource()).endsWith("/b");
        // This peer answers every message, so they are kept until it has.
        assertThat(store.count(Outbox.COLLECTION, "")).isEqualTo(2);
        session.send(a.reply(Content.OK));
        session.send(b.reply(Content.OK));
        until(() -> store.count(Outbox.COLLECTION, "") == 0);
    }

    @Test
    void swapOfTheModuleKeepsTheSocketAndEveryMessage() throws Exception {
        EdgeHub first = started(cloud.token());
        Link session = cloud.nextLink();
        until(() -> first.health().reason().equals("Connected"));
        Handover handover = context.on(first::stop);
        for (int i = 0; i < 200; i++) {
            session.send(Message.of(
                    Route.of("edgecontroller", "resource", "update", "default/configmap/c" + i), Content.EMPTY));
        }

        EdgeHub second = hub("");
        context.on(() -> {
            second.start(context, handover);
            return null;
        });

        until(() -> context.on(() -> context.recorder().sentTo("meta").stream()
                        .filter(m -> m.route().operation().equals("update"))
                        .count())
                == 200);
        assertThat(session.isOpen()).isTrue();
        assertThat(cloud.links).isEmpty();
        assertThat(context.on(() -> context.recorder().sentTo("meta").stream()
                        .filter(m -> m.route().operation().equals("update"))
                        .map(m -> m.route().resource())
                        .toList()))
                .startsWith("default/configmap/c0", "default/configmap/c1")
                .endsWith("default/configmap/c199");
    }
}
