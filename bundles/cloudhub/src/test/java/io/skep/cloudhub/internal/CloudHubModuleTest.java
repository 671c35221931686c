package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.transport.tls.JoinToken;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the cloud says to nodes, and what the hub itself is asked. */
class CloudHubModuleTest {

    private static final String POD = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":"
            + "{\"name\":\"web\",\"namespace\":\"default\",\"uid\":\"u-1\"},\"spec\":{\"a\":[1,{\"uid\":\"no\"}]}}";

    private final Hub hub = Hub.started();

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
    void messageTooLargeForALinkDoesNotBlockTheOthers() {
        FakeLink link = hub.connect("edge-1");
        link.fail(new EdgeException(EdgeException.Reason.TOO_LARGE, "40 MB"));
        hub.pass("insert", "node/edge-1/default/pod/web", POD, "5");

        assertThat(hub.metric("skep_hub_lost_undeliverable")).isEqualTo(1);
        assertThat(hub.metric("skep_hub_queued")).isZero();
    }
}
