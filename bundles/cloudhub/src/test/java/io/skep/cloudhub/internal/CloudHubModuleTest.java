package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.EdgeException;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.Handover;
import io.skep.transport.tls.JoinToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class CloudHubModuleTest {

    private static final String POD = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":"
            + "{\"name\":\"web\",\"namespace\":\"default\",\"uid\":\"u-1\"},\"spec\":{\"a\":[1,{\"uid\":\"no\"}]}}";

    private final Hub hub = Hub.started();

    private List<String> toController() {
        return hub.context.sentTo("edgecontroller").stream()
                .map(m -> m.route().operation() + " " + m.route().resource() + " "
                        + m.content().json())
                .toList();
    }

    @Test
    void controllerHearsOfSessions() {
        FakeLink link = hub.connect("edge-1");
        link.close("cable cut");
        hub.context.runWork();

        assertThat(toController())
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

        assertThat(toController()).containsExactly("connect node/edge-1/connection \"cloud_connected\"");
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
        assertThat(toController()).noneMatch(m -> m.contains("cloud_disconnected"));

        hub.pass("insert", "node/edge-1/default/pod/web", POD, "5");
        assertThat(young.sent()).hasSize(1);
    }

    @Test
    void resourceLosesTheNodeOnItsWayOut() {
        FakeLink link = hub.connect("edge-1");

        hub.pass("insert", "node/edge-1/default/pod/web", POD, "5");

        Message sent = link.sent().get(0);
        assertThat(sent.route().resource()).isEqualTo("default/pod/web");
        assertThat(sent.header().resourceVersion()).isEqualTo("5");
        assertThat(sent.content().json()).isEqualTo(POD);
    }

    @Test
    void objectsWaitForTheirAcknowledgementAnswersDoNot() {
        FakeLink link = hub.connect("edge-1");
        Message first = hub.pass("insert", "node/edge-1/default/pod/web", POD, "5");
        hub.pass("insert", "node/edge-1/default/pod/db", POD.replace("u-1", "u-2"), "6");
        hub.pass("response", "node/edge-1/default/podpatch/web", "{\"Object\":{}}", "7");
        assertThat(link.sent())
                .extracting(m -> m.route().resource())
                .containsExactly("default/pod/web", "default/podpatch/web");

        hub.says(link, first.reply(Content.OK));

        assertThat(link.sent()).extracting(m -> m.route().resource()).containsExactly("default/pod/db");
    }

    // An answer that says "not found" has no object to acknowledge; it must reach the asker all the same.
    @Test
    void failureInPlaceOfAnObjectIsSentOnce() {
        FakeLink link = hub.connect("edge-1");

        hub.pass("response", "node/edge-1/default/configmap/c", "{\"ErrStatus\":{\"code\":404}}", "");

        assertThat(link.sent()).hasSize(1);
    }

    @Test
    void deletedNodeLosesItsSession() {
        FakeLink link = hub.connect("edge-1");

        hub.pass("delete", "node/edge-1/namespace/node/edge-1", "null", "");

        assertThat(link.closedBecause()).hasValue("node edge-1 was deleted from the cluster");
        assertThat(link.sent()).isEmpty();
    }

    private Message operation(String node) {
        Message message = Message.of(
                Route.of("shell", "operations", "insert", "node/" + node + "/operations/1"), new Content.Json("{}"));
        message = message.withHeader(message.header().withSync(true));
        hub.module.receive(message);
        hub.context.runWork();
        return message;
    }

    @Test
    void moduleOperationGoesOnlyToANodeThatOffersItAndItsAnswerNamesTheNode() {
        FakeLink plain = hub.connect("edge-1", "");
        FakeLink ours = hub.connect("edge-2", "upstream-ack, module-operations");

        operation("edge-1");
        Message asked = operation("edge-2");

        assertThat(plain.sent()).isEmpty();
        assertThat(hub.context.replies())
                .singleElement()
                .satisfies(reply -> assertThat(reply.content().json()).contains("takes no module operations"));
        assertThat(ours.sent()).extracting(m -> m.route().resource()).containsExactly("operations/1");
        hub.context.clear();
        hub.says(
                ours,
                asked.withRoute(asked.route().withResource("operations/1")).reply(Content.OK));
        assertThat(hub.context.replies()).singleElement().satisfies(reply -> {
            assertThat(reply.parentId()).isEqualTo(asked.id());
            assertThat(reply.route().resource()).isEqualTo("node/edge-2/operations/1");
        });
    }

    // A node that did not offer it says nothing of this group, whatever it sends.
    @Test
    void answerToAModuleOperationOfANodeThatDidNotOfferItIsIgnored() {
        FakeLink plain = hub.connect("edge-1", "upstream-ack");

        hub.says(
                plain,
                Message.of(Route.of("x", "operations", "insert", "operations/1"), Content.OK)
                        .reply(Content.OK));

        assertThat(hub.context.replies()).isEmpty();
        assertThat(hub.context.sentTo("edgecontroller")).hasSize(1); // that the node is there
    }

    @Test
    void messageForAnAbsentNodeIsCountedAndARequestAnswered() {
        hub.pass("insert", "node/edge-9/default/pod/web", POD, "5");
        Message request =
                Message.of(Route.of("csi", "resource", "createvolume", "node/edge-9/default/volume/v"), Content.EMPTY);
        hub.module.receive(request.withHeader(request.header().withSync(true)));

        assertThat(hub.metric("skep_hub_lost_no_session")).isEqualTo(2);
        assertThat(hub.context.replies())
                .singleElement()
                .satisfies(r -> assertThat(r.content())
                        .isEqualTo(new Content.Failure("ServiceUnavailable", "node edge-9 is not connected")));
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
    void upstreamGoesToTheControllerUnderItsNode() {
        FakeLink link = hub.connect("edge-1");
        hub.context.clear();

        hub.says(link, "edged", "meta", "query", "default/node/edge-1", "null");

        assertThat(toController()).containsExactly("query node/edge-1/default/node/edge-1 null");
    }

    @Test
    void upstreamIsSortedBySourceAndKind() {
        FakeLink link = hub.connect("edge-1");
        hub.context.clear();

        hub.says(link, "metaserver", "dynamiccontroller", "null", "null", "{}");
        hub.says(link, "twin", "resource", "get", "membership/detail", "\"\"");
        hub.says(link, "eventbus", "user", "upload", "some/topic", "\"x\"");
        hub.says(link, "edged", "resource", "UpdateNodeActionStatus", "task", "{}");

        assertThat(hub.context.sentTo("dynamiccontroller")).hasSize(1);
        assertThat(hub.context.sentTo("devicecontroller")).hasSize(1);
        assertThat(hub.context.sentTo("router"))
                .extracting(m -> m.route().resource())
                .containsExactly("node/edge-1/some/topic");
        assertThat(hub.context.sentTo("taskmanager")).hasSize(1);
    }

    @Test
    void sourceOfTheCloudsOwnIsDropped() {
        FakeLink link = hub.connect("edge-1");
        hub.context.clear();

        hub.says(link, "edgecontroller", "resource", "update", "default/node/edge-1", "{}");

        assertThat(hub.context.sent()).isEmpty();
        assertThat(hub.metric("skep_hub_ignored")).isEqualTo(1);
    }

    @Test
    void absentModuleIsAnsweredNotSupportedAndTheLinkStays() {
        FakeLink link = hub.connect("edge-1");
        hub.context.deliverAs(Delivery.DROPPED);

        Message message = hub.says(link, "metaserver", "dynamiccontroller", "null", "null", "{\"Verb\":\"get\"}");

        assertThat(link.sent()).singleElement().satisfies(reply -> {
            assertThat(reply.parentId()).isEqualTo(message.id());
            assertThat(reply.route()).isEqualTo(Route.of("cloudhub", "resource", "error", "null"));
            assertThat(reply.content().json()).contains("not supported yet: there is no dynamiccontroller here");
        });
        assertThat(link.isOpen()).isTrue();
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

    // A real EdgeCore logs each answer that nobody waits for as a fault, and asks for its devices again each minute.
    @Test
    void absentModuleIsNotAnsweredWhereNobodyWaits() {
        FakeLink link = hub.connect("edge-1");
        FakeLink own = hub.connect("edge-2", "upstream-ack");
        hub.context.deliverAs(Delivery.DROPPED);

        for (FakeLink node : List.of(link, own)) {
            hub.says(node, "twin", "resource", "get", "membership/detail", "\"\"");
            hub.says(node, "twin", "resource", "update", "device/default/d/twin/edge_updated", "{}");
            hub.says(node, "eventbus", "user", "upload", "some/topic", "\"x\"");
        }

        assertThat(link.sent()).isEmpty();
        assertThat(own.sent())
                .hasSize(3)
                .allSatisfy(reply -> assertThat(reply.content().json()).contains("not supported yet"));
        assertThat(hub.metric("skep_hub_unsupported")).isEqualTo(6);
    }

    @Test
    void messageOfAStoppingEdgeCoreThatNamesNothingIsIgnored() {
        FakeLink link = hub.connect("edge-1");
        hub.context.clear();

        hub.says(
                link,
                new Message(new Header("", "", Instant.EPOCH, "", false, ""), Route.of("", "", "", ""), Content.EMPTY));

        assertThat(hub.context.sent()).isEmpty();
        assertThat(link.sent()).isEmpty();
        assertThat(hub.metric("skep_hub_ignored")).isEqualTo(1);
    }

    @Test
    void fullControllerHoldsTheNodeUpInsteadOfLosingItsWord() {
        FakeLink link = hub.connect("edge-1");
        hub.context.clear();
        hub.context.deliverAs(Delivery.REFUSED);
        Message event = hub.says(link, "edged", "meta", "insert", "default/event/e", "{}");

        hub.context.deliverAs(Delivery.ACCEPTED);
        hub.context.advance(Duration.ofMillis(200));

        assertThat(hub.context
                        .sentTo("edgecontroller")
                        .get(hub.context.sentTo("edgecontroller").size() - 1)
                        .id())
                .isEqualTo(event.id());
        int tries = hub.context.sentTo("edgecontroller").size();
        hub.context.advance(Duration.ofSeconds(5));
        assertThat(hub.context.sentTo("edgecontroller")).hasSize(tries);
    }

    @Test
    void unansweredMessagesAreAcknowledgedToANodeThatAskedForIt() {
        FakeLink own = hub.connect("edge-1", "upstream-ack");
        FakeLink other = hub.connect("edge-2");
        Message upload = hub.says(own, "eventbus", "user", "upload", "some/topic", "\"x\"");
        hub.says(own, "edged", "meta", "patch", "default/podpatch/web", "\"{}\"");
        hub.says(other, "eventbus", "user", "upload", "some/topic", "\"x\"");

        assertThat(own.sent()).singleElement().satisfies(ack -> {
            assertThat(ack.parentId()).isEqualTo(upload.id());
            assertThat(ack.route().operation()).isEqualTo("response");
            assertThat(ack.content()).isEqualTo(Content.OK);
        });
        assertThat(other.sent()).isEmpty();
    }

    @Test
    void answersToEventsGoOnlyToNodesThatAskedForThem() {
        FakeLink own = hub.connect("edge-1", "upstream-ack");
        FakeLink other = hub.connect("edge-2");

        hub.pass("response", "node/edge-1/default/event/e", "\"OK\"", "");
        hub.pass("response", "node/edge-2/default/event/e", "\"OK\"", "");

        assertThat(own.sent()).hasSize(1);
        assertThat(other.sent()).isEmpty();
    }

    @Test
    void nodeThatLostItsMemoryMayBeSentTheSameAgain() {
        FakeLink link = hub.connect("edge-1");
        hub.says(
                link,
                hub.pass("insert", "node/edge-1/default/pod/web", POD, "5").reply(Content.OK));
        link.sent();
        hub.says(link, "metamanager", "meta", "query", "default/podlist", "null");
        hub.store.delete(
                new io.skep.kube.api.ObjectKey(io.skep.kube.api.Kinds.OBJECT_SYNC, "default", "edge-1.u-1"),
                io.skep.kube.api.DeleteOptions.NONE);

        hub.pass("insert", "node/edge-1/default/pod/web", POD, "5");

        assertThat(link.sent()).hasSize(1);
    }

    @Test
    void authorityIsAnsweredByTheHub() {
        FakeLink link = hub.connect("edge-1");

        hub.says(link, "edged", "meta", "query", "k8s/ca.crt", "null");

        Message reply = link.sent().get(0);
        assertThat(reply.route()).isEqualTo(Route.of("cloudhub", "resource", "response", "k8s/ca.crt"));
        assertThat(reply.content().json()).startsWith("\"-----BEGIN CERTIFICATE-----\\n");
    }

    @Test
    void volumeAnswerWakesItsAsker() {
        FakeLink link = hub.connect("edge-1");

        Message answer = hub.says(link, "edged", "resource", "response", "default/volume/v1", "{}");

        assertThat(hub.context.replies()).containsExactly(answer);
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
    void tokenNamesTheAuthority() {
        hub.module.receive(Message.of(Route.of("shell", "cloudhub", "query", "token"), Content.EMPTY));

        String text = hub.context.replies().get(0).content().json().replace("\"", "");
        JoinToken token = JoinToken.parse(text);
        token.verifyAuthority(hub.enrolment()
                .handle(EnrolmentTest.request("GET", "/ca.crt", java.util.Map.of(), List.of(), new byte[0]))
                .body());
        assertThat(text.split("\\.")).hasSize(4);
    }

    @Test
    void portInUseIsNamedRetriedAndNoCrash() {
        Hub late = new Hub();
        late.refuse(2);
        late.start();

        assertThat(late.module.check().ok()).isFalse();
        assertThat(late.module.check().message()).contains("websocket.port=0", "address already in use");

        late.context.advance(Duration.ofSeconds(10));
        assertThat(late.module.check().ok()).isTrue();
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

    @Test
    void messageTooLargeForALinkDoesNotBlockTheOthers() {
        FakeLink link = hub.connect("edge-1");
        link.fail(new EdgeException(EdgeException.Reason.TOO_LARGE, "40 MB"));
        hub.pass("insert", "node/edge-1/default/pod/web", POD, "5");

        assertThat(hub.metric("skep_hub_lost_undeliverable")).isEqualTo(1);
        assertThat(hub.metric("skep_hub_queued")).isZero();
    }
}
