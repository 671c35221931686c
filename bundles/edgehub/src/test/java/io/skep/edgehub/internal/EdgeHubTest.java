package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeHubTest {

    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    Path folder;

    private final FakeModuleContext context = new FakeModuleContext("websocket");
    private final Instant start = context.clock().instant();
    private final InMemoryDocumentStore store = new InMemoryDocumentStore();
    private final FakeLinks links = new FakeLinks();
    private EdgeHub hub;

    @BeforeEach
    void credentials() {
        save(Fixture.credentials("edge-1", start.minusSeconds(60), YEAR));
        hub = new EdgeHub(Fixture.settings(folder), links, store);
    }

    private void save(Credentials credentials) {
        new CertificateFiles(folder, "edge-1").save(credentials);
    }

    private void start() {
        hub.start(context, Handover.NONE);
        context.runWork();
    }

    private void receive(Message message) {
        hub.receive(message);
        context.runWork();
    }

    private CompletableFuture<Void> fromCloud(Message message) {
        CompletableFuture<Void> done = links.current.listener.received(message).toCompletableFuture();
        context.runWork();
        return done;
    }

    private static Message message(String source, String group, String operation, String resource) {
        return Message.of(Route.of(source, group, operation, resource), new Content.Json("{}"));
    }

    private static Message request(Message message) {
        return message.withHeader(message.header().withSync(true));
    }

    @Test
    void linkIsOpenedWithTheHeadersOfEdgeCoreAndOurOwn() {
        start();

        assertThat(links.dialled).singleElement().satisfies(target -> {
            assertThat(target.uri()).hasToString("wss://cloud:10000/project/edge-1/events");
            assertThat(target.headers())
                    .containsEntry("node_id", "edge-1")
                    .containsEntry("project_id", "project")
                    .containsEntry("ConnectionUse", "msg")
                    .containsEntry("Skep-Features", "upstream-ack, module-operations");
        });
    }

    // CloudHub ends a session without keepalives for 30 s, whatever else comes.
    @Test
    void keepaliveGoesOutAtOnceAndThenEachHeartbeat() {
        start();
        context.advance(Duration.ofSeconds(30));

        assertThat(links.current.sent).hasSize(3).allSatisfy(message -> {
            assertThat(message.route()).isEqualTo(Route.of("websocket", "resource", "keepalive", "node"));
            assertThat(message.content().json()).isEqualTo("\"ping\"");
        });
    }

    @Test
    void groupsAreToldThatTheCloudIsThereAndThatItIsGone() {
        start();
        links.current.drop("cable pulled");
        context.runWork();

        for (String group : List.of("meta", "edged", "twin", "bus", "taskmanager", "metaserver")) {
            assertThat(context.sentTo(group))
                    .extracting(m -> m.route().operation() + " " + m.route().resource() + " "
                            + m.content().json())
                    .containsExactly(
                            "connect node/connection \"cloud_connected\"",
                            "connect node/connection \"cloud_disconnected\"");
        }
    }

    @Test
    void pushOfTheCloudGoesToTheGroupItIsFor() {
        start();
        context.clear();

        fromCloud(message("edgecontroller", "resource", "insert", "default/pod/web-0"));
        fromCloud(message("edgecontroller", "func", "insert", "default/function/f"));
        fromCloud(message("devicecontroller", "twin", "update", "membership"));
        fromCloud(message("router_eventbus", "user", "publish", "topic"));
        fromCloud(message("router_servicebus", "user", "POST", "8080:/x"));
        fromCloud(message("taskmanager", "taskmanager", "upgrade", "upgrade/1/node/edge-1"));
        CompletableFuture<Void> unknown = fromCloud(message("x", "nobody", "insert", "a/b/c"));

        assertThat(context.sent())
                .extracting(FakeModuleContext.Sent::to)
                .containsExactly("meta", "meta", "twin", "eventbus", "servicebus", "taskmanager");
        assertThat(unknown).isCompleted();
    }

    // Only a hub of our own agrees to it; from any other such a message means nothing.
    @Test
    void moduleOperationIsTakenOnlyFromACloudThatAgreedToThem() {
        start();
        context.clear();
        fromCloud(message("shell", "operations", "insert", "operations/1"));
        assertThat(context.sent()).isEmpty();

        links.features = "upstream-ack, module-operations";
        links.current.drop("again");
        context.advance(Duration.ofSeconds(5));
        context.clear();
        fromCloud(message("shell", "operations", "insert", "operations/1"));

        assertThat(context.sent()).extracting(FakeModuleContext.Sent::to).containsExactly("moduleoperations");
    }

    // CloudCore works on both at once, and of a pod that is gone it takes no status.
    @Test
    void deletingAPodWaitsForTheAnswerToItsLastStatus() {
        start();
        Message status = message("edged", "meta", "patch", "default/podpatch/web-0");
        receive(status);
        Message delete = request(message("metamanager", "meta", "delete", "default/pod/web-0"));
        receive(delete);
        Message other = request(message("metamanager", "meta", "delete", "default/pod/web-1"));
        receive(other);
        assertThat(links.current.messages()).extracting(Message::id).containsExactly(status.id(), other.id());

        fromCloud(status.reply(Content.OK));

        assertThat(links.current.messages())
                .extracting(Message::id)
                .containsExactly(status.id(), other.id(), delete.id());
    }

    @Test
    void deletingAPodWaitsForItsLastStatusNoLongerThanIsSensible() {
        start();
        receive(message("edged", "meta", "patch", "default/podpatch/web-0"));
        Message delete = request(message("metamanager", "meta", "delete", "default/pod/web-0"));
        receive(delete);

        context.advance(LastWords.LIMIT);
        assertThat(links.current.messages()).extracting(Message::id).contains(delete.id());

        Message second = request(message("metamanager", "meta", "delete", "default/pod/web-0"));
        receive(second);
        links.current.drop("cable pulled");
        context.runWork();
        assertThat(context.replies()).extracting(Message::parentId).contains(second.id());
    }

    // CloudCore logs an error for each and answers none.
    @Test
    void questionBeyondKubeEdgesWireGoesOnlyToACloudOfOurOwn() {
        start();
        Message all = request(message("metamanager", "meta", "query", "default/podlist"));
        receive(all);
        assertThat(links.current.messages()).isEmpty();
        assertThat(context.replies())
                .singleElement()
                .satisfies(reply -> assertThat(reply.isError()).isTrue());

        links.features = "upstream-ack";
        links.current.drop("again");
        context.advance(Duration.ofSeconds(5));
        receive(all);

        assertThat(links.current.messages()).extracting(Message::id).containsExactly(all.id());
    }

    @Test
    void replyOfTheCloudWakesItsRequest() {
        start();
        Message query = request(message("metamanager", "resource", "query", "default/secret/s"));
        receive(query);
        Message reply = query.reply("edgecontroller", new Content.Json("{\"kind\":\"Secret\"}"));

        fromCloud(reply);

        assertThat(links.current.messages()).extracting(Message::id).containsExactly(query.id());
        assertThat(context.replies()).containsExactly(reply);
    }

    @Test
    void requestWithoutALinkIsAnsweredAtOnce() {
        links.failure = new EdgeException(Reason.SERVICE_UNAVAILABLE, "nobody answers at cloud:10000");
        start();

        receive(request(message("metamanager", "resource", "query", "default/secret/s")));

        assertThat(context.replies())
                .extracting(Message::content)
                .containsExactly(new Content.Failure("ServiceUnavailable", "not connected to the cloud"));
    }

    @Test
    void leaseAndAcknowledgementAreWorthNothingLater() {
        links.failure = new EdgeException(Reason.SERVICE_UNAVAILABLE, "away");
        start();

        receive(message("edged", "meta", "update", "kube-node-lease/lease/edge-1"));
        receive(message("edgecontroller", "resource", "update", "default/pod/web-0")
                .reply(Content.OK));

        assertThat(store.count(Outbox.COLLECTION, "")).isZero();
    }

    @Test
    void answerToAKeptStateIsNotHandedOn() {
        start();
        Message patch = message("edged", "meta", "patch", "default/podpatch/web-0");
        receive(patch);

        fromCloud(patch.reply("edgecontroller", Content.OK));

        assertThat(store.count(Outbox.COLLECTION, "")).isZero();
        assertThat(context.replies()).isEmpty();
    }

    // EdgeCore waits 30 s and more here.
    @Test
    void lostLinkIsOpenedAgainWithinASecond() {
        start();
        links.current.drop("cloud restarted");
        context.runWork();

        context.advance(Duration.ofSeconds(1));

        assertThat(links.dialled).hasSize(2);
        assertThat(context.sentTo("meta")).hasSize(3);
    }

    @Test
    void absentCloudIsTriedForEverAndTheNodeStaysHealthy() {
        links.failure = new EdgeException(Reason.SERVICE_UNAVAILABLE, "nobody answers at cloud:10000");
        start();
        context.advance(Duration.ofMinutes(2));

        assertThat(links.dialled).hasSizeGreaterThan(50);
        assertThat(hub.check().ok()).isTrue();
        assertThat(hub.check().reason()).isEqualTo("Unreachable");

        links.failure = null;
        context.advance(Duration.ofSeconds(2));
        assertThat(hub.check().reason()).isEqualTo("Connected");
    }

    @Test
    void refusedCertificateIsSaidInHealthAndStaysSaidWhileTrying() {
        links.failure = new EdgeException(Reason.UNAUTHORIZED, "certificate trouble with cloud:10000: unknown_ca");
        start();
        context.advance(Duration.ofMinutes(1));

        assertThat(hub.check().ok()).isFalse();
        assertThat(hub.check().reason()).isEqualTo("CertificateTrouble");
        assertThat(links.dialled).hasSizeLessThan(12);
    }

    @Test
    void expiredCertificateWithoutATokenIsNamed() {
        save(Fixture.credentials("edge-1", start.minus(YEAR), Duration.ofDays(1)));
        start();

        assertThat(links.dialled).isEmpty();
        assertThat(hub.health().reason()).isEqualTo("CertificateExpired");
        assertThat(hub.health().message()).contains("join token");
    }

    @Test
    void certificateOfAnotherNodeIsNotUsed() {
        save(Fixture.credentials("edge-10", start.minusSeconds(60), YEAR));
        start();

        assertThat(links.dialled).isEmpty();
        assertThat(hub.health().reason()).isEqualTo("NoToken");
    }

    @Test
    void receiverWithoutRoomHoldsTheLinkUntilItHasSome() {
        start();
        context.deliverAs(Delivery.REFUSED);
        CompletableFuture<Void> done = fromCloud(message("edgecontroller", "resource", "insert", "default/pod/web-0"));
        assertThat(done).isNotDone();

        context.deliverAs(Delivery.ACCEPTED);
        context.advance(Duration.ofMillis(100));

        assertThat(done).isCompleted();
    }

    // Design §4: swapping edgehub keeps the socket, and the node hears nothing of it.
    @Test
    void successorKeepsTheLinkAndSaysNothing() {
        start();
        FakeLink link = links.current;
        Message patch = message("edged", "meta", "patch", "default/podpatch/web-0");
        receive(patch);
        Handover handover = hub.stop();
        assertThat(link.released).isTrue();
        context.clear();

        EdgeHub successor = new EdgeHub(Fixture.settings(folder), links, store);
        successor.start(context, handover);
        context.runWork();

        assertThat(links.dialled).hasSize(1);
        assertThat(link.listener).isNotNull();
        assertThat(context.sent()).isEmpty();
        assertThat(link.messages()).containsExactly(patch);
        assertThat(successor.check().reason()).isEqualTo("Connected");
        fromCloud(patch.reply(Content.OK));
        assertThat(store.count(Outbox.COLLECTION, "")).isZero();
    }

    @Test
    void successorWithAnotherCloudOpensItsOwnLink() {
        start();
        FakeLink link = links.current;
        Handover handover = hub.stop();

        EdgeHub successor = new EdgeHub(
                Fixture.settings(
                        folder,
                        java.net.URI.create("https://other:10002"),
                        java.net.URI.create("wss://other:10000/project/edge-1/events"),
                        ""),
                links,
                store);
        successor.start(context, handover);
        context.runWork();

        assertThat(link.isOpen()).isFalse();
        assertThat(links.dialled).hasSize(2);
    }

    // The others believe what the predecessor told them last.
    @Test
    void successorThatFindsTheLinkGoneTellsTheGroups() {
        start();
        Handover handover = hub.stop();
        links.current.close("cable pulled");
        links.failure = new EdgeException(Reason.SERVICE_UNAVAILABLE, "away");
        context.clear();

        EdgeHub successor = new EdgeHub(Fixture.settings(folder), links, store);
        successor.start(context, handover);

        assertThat(context.sentTo("meta"))
                .extracting(m -> m.content().json())
                .containsExactly(ModuleNames.CLOUD_DISCONNECTED);
    }

    @Test
    void tokenThatIsNoneDoesNotKeepAJoinedNodeAway() {
        EdgeHubSettings.Cloud cloud = Fixture.settings(folder).cloud().orElseThrow();
        hub = new EdgeHub(Fixture.settings(folder, cloud.https(), cloud.link(), "garbage"), links, store);

        start();

        assertThat(hub.check().reason()).isEqualTo("Connected");
    }

    @Test
    void handoverOfALaterVersionIsRefused() {
        assertThatThrownBy(() -> hub.start(context, new Handover(99, "{}"))).hasMessageContaining("version 99");
    }

    @Test
    void whoeverAsksIsToldTheLinksState() {
        start();

        receive(request(message("metamanager", "hub", "query", ModuleNames.NODE_CONNECTION)));
        receive(request(message("shell", "hub", "query", "link")));

        assertThat(context.replies().get(0).content().json()).isEqualTo(ModuleNames.CLOUD_CONNECTED);
        Map<String, Object> report =
                Json.object(context.replies().get(1).content().json());
        assertThat(report)
                .containsEntry("node", "edge-1")
                .containsEntry("state", "connected")
                .containsEntry("server", "cloud:10000")
                .containsEntry("sent", 1)
                .containsKeys("since", "lastError", "reconnects", "received", "outbox", "certificateNotAfter");
    }

    @Test
    void hubWithoutACloudIdlesInGoodHealth() {
        EdgeHubSettings configured = Fixture.settings(folder);
        EdgeHub idle = new EdgeHub(
                new EdgeHubSettings(
                        configured.node(),
                        Optional.empty(),
                        configured.tokenFile(),
                        configured.folder(),
                        true,
                        configured.heartbeat(),
                        configured.replyTimeout(),
                        configured.reconnect(),
                        configured.pace(),
                        configured.quotas()),
                links,
                store);
        idle.start(context, Handover.NONE);
        idle.receive(message("edged", "meta", "patch", "default/podpatch/web-0"));
        idle.receive(request(message("edged", "meta", "query", "default/secret/s")));
        context.runWork();

        assertThat(idle.health().ok()).isTrue();
        assertThat(idle.health().reason()).isEqualTo("NotConfigured");
        assertThat(context.replies())
                .singleElement()
                .satisfies(r -> assertThat(r.isError()).isTrue());
        assertThat(idle.stop()).isEqualTo(Handover.NONE);
        assertThat(store.count(Outbox.COLLECTION, "")).isZero();
    }

    @Test
    void figuresAreThereForEveryClass() {
        start();

        assertThat(hub.samples())
                .extracting(sample -> sample.name())
                .contains("skep_link_connected", "skep_link_reconnects", "skep_outbox_entries", "skep_outbox_lost");
    }
}
