package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the hub does with a link, for whom, and what it tells of itself. */
class EdgeHubTest extends HubTest {

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
