package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nodes say, and to whom it goes. */
class CloudHubUpstreamTest {

    private final Hub hub = Hub.started();

    @Test
    void upstreamGoesToTheControllerUnderItsNode() {
        FakeLink link = hub.connect("edge-1");
        hub.context.clear();

        hub.says(link, "edged", "meta", "query", "default/node/edge-1", "null");

        assertThat(hub.toController()).containsExactly("query node/edge-1/default/node/edge-1 null");
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
}
