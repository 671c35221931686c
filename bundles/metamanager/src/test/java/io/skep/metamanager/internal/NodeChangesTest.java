package io.skep.metamanager.internal;

import static io.skep.metamanager.internal.Node.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.core.api.store.SteppedDocumentStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeChangesTest {

    private final InMemoryDocumentStore disk = new InMemoryDocumentStore();
    private final Node node = new Node(disk);

    @Test
    void aPatchIsRecordedAndGoesUpUnderItsOwnId() {
        Message patch = node.tell("patch", "default/podpatch/web", "\"{\\\"status\\\":{}}\"");

        assertThat(disk.get("meta", "default/podpatch/web")).isPresent();
        assertThat(node.toHub()).containsExactly(patch);
    }

    // Status must not be lost because the disk is full: the outbox decides what becomes of it.
    @Test
    void aPatchGoesUpEvenIfItCannotBeRecorded() {
        disk.failWrites(true);

        Message patch = node.tell("patch", "default/podpatch/web", "\"{}\"");

        assertThat(node.toHub()).containsExactly(patch);
    }

    @Test
    void eventsGoStraightUpAndAreNotKept() {
        Message event = node.tell("insert", "default/event/web.1", "{\"kind\":\"Event\"}");

        assertThat(node.toHub()).containsExactly(event);
        assertThat(disk.count("meta", "")).isZero();
    }

    @Test
    void aLeaseGoesThroughAndIsNotKept() {
        Message update = node.connected().ask("update", "kube-node-lease/lease/edge-1", new Content.Json("{}"));

        node.answer("response", "{\"Object\":{\"kind\":\"Lease\",\"metadata\":{}},\"Err\":null}");

        assertThat(node.replies()).extracting(Message::parentId).containsExactly(update.id());
        assertThat(disk.count("meta", "")).isZero();
    }

    // The pod is forgotten when the cloud says so, not when the node reports it finished.
    @Test
    void aDeleteWishedByTheNodeLeavesThePodUntilTheCloudDeletesIt() {
        node.connected().cloud("insert", "default/pod/web", "5", pod("u1", "5", ""));

        node.ask("delete", "default/pod/web", new Content.Json("{\"gracePeriodSeconds\":0}"));
        node.answer("response", "\"OK\"");

        assertThat(node.replies().get(0).content()).isEqualTo(Content.OK);
        assertThat(disk.get("meta", "default/pod/web")).isPresent();
    }

    // How its containers ended is known of a pod only while there is the pod.
    @Test
    void deletingAPodDoesNotOvertakeItsLastStatus() {
        SteppedDocumentStore held = new SteppedDocumentStore(disk);
        Node slow = new Node(held);
        slow.connected();
        slow.tell("patch", "default/podpatch/web", "\"{}\"");
        slow.ask("delete", "default/pod/web", new Content.Json("{}"));

        held.flush();
        slow.context.runWork();

        assertThat(slow.context.sent())
                .extracting(sent -> sent.message().route().operation())
                .containsSubsequence("patch", "delete");
    }

    @Test
    void theSuccessorSendsWhatWasRefusedAndAsksWhatWasNotAnswered() {
        node.connected();
        Message question = node.query("default/configmap/c");
        node.context.deliverAs(Delivery.REFUSED);
        Message insert = node.cloud("insert", "default/pod/web", "5", pod("u1", "5", ""));

        Handover handover = node.module.stop();
        Node successor = new Node(disk, handover);

        assertThat(successor.toEdged()).containsExactly(insert);
        Message offline = successor.replies().get(0);
        assertThat(offline.parentId()).isEqualTo(question.id());
    }

    // Without this a message could be on disk, hence a duplicate for ever, and never have reached edged.
    @Test
    void stoppingWaitsForWritesUnderWayAndHandsThemOn() {
        SteppedDocumentStore held = new SteppedDocumentStore(disk);
        Node slow = new Node(held);
        Message insert = slow.cloud("insert", "default/pod/web", "5", pod("u1", "5", ""));
        new Thread(held::flush, "test-disk").start();

        slow.module.stop();

        assertThat(slow.toEdged()).containsExactly(insert);
        assertThat(slow.toHub()).extracting(Message::parentId).containsExactly(insert.id());
    }

    @Test
    void anUnknownHandoverIsRefused() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new Node(disk, new Handover(99, "{}")))
                .hasMessageContaining("version 99");
    }

    @Test
    void theLinkIsAskedAtTheStart() {
        Message question = node.context.sentTo("websocket").get(0);
        assertThat(question.route().resource()).isEqualTo("node/connection");

        node.context.answer(question.reply("edgehub", new Content.Json("\"cloud_connected\"")));
        node.context.runWork();
        node.query("default/configmap/c");

        assertThat(node.replies()).isEmpty();
    }

    @Test
    void anEmptyMemoryAsksAnewOnTheNextLinkWhenTheFirstTookTheQuestionWithIt() {
        Node empty = new Node(disk);
        empty.link(ModuleNames.CLOUD_CONNECTED);
        empty.link(ModuleNames.CLOUD_DISCONNECTED);
        empty.link(ModuleNames.CLOUD_CONNECTED);

        assertThat(empty.context.sentTo("websocket"))
                .filteredOn(question -> question.route().resource().equals("default/podlist"))
                .hasSize(2);
    }

    // The cloud keeps book of what was acknowledged: a node that lost its disk must say so, or gets nothing.
    @Test
    void anEmptyMemoryAsksTheCloudForEverythingUntilTheCloudAgrees() {
        Node empty = new Node(disk);
        connect(empty);
        Message question = last(empty);
        assertThat(question.route().resource()).isEqualTo("default/podlist");
        empty.answer("error", "\"not supported\"");
        connect(empty);
        empty.answer("response", "\"OK\"");

        Node filled = new Node(disk);
        connect(filled);

        assertThat(last(filled).route().resource()).isEqualTo("node/connection");
    }

    @Test
    void anAnswerNobodyWaitsForIsKeptAndAcknowledged() {
        Message late = Message.of(
                        io.skep.core.api.message.Route.of(
                                "edgecontroller", "resource", "response", "default/configmap/c"),
                        new Content.Json("{\"kind\":\"ConfigMap\",\"metadata\":{\"uid\":\"c\"}}"))
                .withHeader(Header.create("long-gone").withResourceVersion("4"));

        node.receive(late);

        assertThat(disk.get("meta", "default/configmap/c")).isPresent();
        assertThat(node.toHub()).extracting(Message::parentId).containsExactly(late.id());
    }

    private static void connect(Node some) {
        some.receive(some("\"cloud_disconnected\""));
        some.receive(some("\"cloud_connected\""));
        some.context.advance(Duration.ZERO);
    }

    private static Message some(String state) {
        return Message.of(
                io.skep.core.api.message.Route.of("edgehub", "meta", "connect", "node/connection"),
                new Content.Json(state));
    }

    private static Message last(Node some) {
        return some.context
                .sentTo("websocket")
                .get(some.context.sentTo("websocket").size() - 1);
    }
}
