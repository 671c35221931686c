package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.Handover;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Nodes that come, stay and go. */
class CloudHubSessionsTest {

    private static final String POD = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":"
            + "{\"name\":\"web\",\"namespace\":\"default\",\"uid\":\"u-1\"},\"spec\":{\"a\":[1,{\"uid\":\"no\"}]}}";

    private final Hub hub = Hub.started();

    @Test
    void controllerHearsOfSessions() {
        FakeLink link = hub.connect("edge-1");
        link.close("cable cut");
        hub.context.runWork();

        assertThat(hub.toController())
                .containsExactly(
                        "connect node/edge-1/connection \"cloud_connected\"",
                        "connect node/edge-1/connection \"cloud_disconnected\"");
    }

    @Test
    void controllerWithoutRoomHearsOfTheSessionALittleLater() {
        hub.context.deliverAs(Delivery.REFUSED);
        hub.connect("edge-1");
        hub.context.clear();
        hub.context.deliverAs(Delivery.ACCEPTED);

        hub.context.advance(Duration.ofSeconds(1));

        assertThat(hub.toController()).containsExactly("connect node/edge-1/connection \"cloud_connected\"");
    }

    @Test
    void newerConnectionOfANodeWinsAndTheOldOneIsToldWhy() {
        FakeLink old = hub.connect("edge-1");
        FakeLink young = hub.connect("edge-1");

        assertThat(old.closedBecause())
                .hasValueSatisfying(r -> assertThat(r)
                        .contains("another connection of node edge-1")
                        .contains("replaced this one"));
        assertThat(young.isOpen()).isTrue();
        assertThat(hub.toController()).noneMatch(m -> m.contains("cloud_disconnected"));

        hub.pass("insert", "node/edge-1/default/pod/web", POD, "5");
        assertThat(young.sent()).hasSize(1);
    }

    @Test
    void deletedNodeLosesItsSession() {
        FakeLink link = hub.connect("edge-1");

        hub.pass("delete", "node/edge-1/namespace/node/edge-1", "null", "");

        assertThat(link.closedBecause()).hasValue("node edge-1 was deleted from the cluster");
        assertThat(link.sent()).isEmpty();
    }

    @Test
    void silentNodeIsDisconnectedAndABusyOneIsNot() {
        FakeLink silent = hub.connect("edge-1");
        FakeLink alive = hub.connect("edge-2");
        for (int i = 0; i < 4; i++) {
            hub.context.advance(Duration.ofSeconds(10));
            hub.says(alive, "websocket", "resource", "keepalive", "node", "\"ping\"");
            hub.says(silent, "edged", "meta", "query", "default/node/edge-1", "null");
        }

        assertThat(silent.closedBecause()).hasValue("no keepalive for 30 s");
        assertThat(alive.isOpen()).isTrue();
    }

    @Test
    void bothControllersHearOfANodesComingAndGoing() {
        FakeLink link = hub.connect("edge-1");
        link.close("test");
        hub.context.runWork();

        for (String controller : List.of("edgecontroller", "dynamiccontroller")) {
            assertThat(hub.context.sentTo(controller))
                    .extracting(m -> m.content().json())
                    .containsExactly("\"cloud_connected\"", "\"cloud_disconnected\"");
        }
    }

    @Test
    void sessionsAreListedForOperators() {
        hub.connect("edge-1");
        Message question = Message.of(Route.of("shell", "cloudhub", "query", "sessions"), Content.EMPTY);

        hub.module.receive(question);

        assertThat(hub.context.replies().get(0).content().json())
                .contains("\"node\":\"edge-1\"", "\"queued\":0", "\"inFlight\":0", "\"lastKeepalive\":\"2026-");
    }

    @Test
    void successorFindsTheLinksWhereTheyWere() {
        hub.connect("edge-1");

        Handover handover = hub.module.stop();

        assertThat(hub.released).containsExactly("cloudhub", "enrolment");
        assertThat(handover.version()).isEqualTo(1);
        Hub next = new Hub();
        next.module.start(next.context, handover);
        Assertions.assertThatThrownBy(() -> new Hub().module.start(next.context, new Handover(7, "{}")))
                .hasMessageContaining("7");
    }

    @Test
    void nodesBeyondTheLimitAreTurnedAwayButNotTheirSuccessors() {
        hub.connect("edge-1");
        hub.connect("edge-2");
        hub.connect("edge-3");

        assertThat(hub.connect("edge-4").closedBecause()).hasValue("the limit of connected nodes is reached");
        assertThat(hub.connect("edge-3").isOpen()).isTrue();
    }
}
