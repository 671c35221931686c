package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import org.junit.jupiter.api.Test;

/** A hub that takes over from another. */
class EdgeHubSuccessionTest extends HubTest {

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
    void handoverOfALaterVersionIsRefused() {
        assertThatThrownBy(() -> hub.start(context, new Handover(99, "{}"))).hasMessageContaining("version 99");
    }
}
