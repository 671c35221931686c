package io.skep.metamanager.internal;

import static io.skep.metamanager.internal.Node.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.memory.NodeMemory;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.core.api.store.SteppedDocumentStore;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class CloudChangesTest {

    private static final String WEB = "default/pod/web";

    private final InMemoryDocumentStore disk = new InMemoryDocumentStore();
    private final Node node = new Node(disk).connected();

    // The promise of the whole path: acknowledged only after the commit, acted on only after the commit.
    @Test
    void nothingIsHandedOnOrAcknowledgedBeforeItIsOnDisk() {
        SteppedDocumentStore held = new SteppedDocumentStore(disk);
        Node slow = new Node(held).connected();

        Message insert = slow.cloud("insert", WEB, "5", pod("u1", "5", ""));
        assertThat(slow.context.sent()).isEmpty();
        held.flush();
        slow.context.runWork();

        assertThat(slow.toEdged()).containsExactly(insert);
        assertThat(slow.toHub()).singleElement().satisfies(ack -> {
            assertThat(ack.parentId()).isEqualTo(insert.id());
            assertThat(ack.route()).isEqualTo(Route.of("edgecontroller", "resource", "response", WEB));
            assertThat(ack.content()).isEqualTo(Content.OK);
        });
    }

    // MetaServer follows the memory by this, and reads the rows as NodeMemory says they are.
    @Test
    void whoFollowsTheMemoryIsToldOfACommitAndFindsTheRowAsDescribed() {
        SteppedDocumentStore held = new SteppedDocumentStore(disk);
        Node slow = new Node(held).connected();

        slow.cloud("insert", WEB, "5", pod("u1", "5", ""));
        assertThat(slow.changed).isEmpty();
        held.flush();

        assertThat(slow.changed).containsExactly(WEB);
        Object row =
                Json.read(disk.get(NodeMemory.COLLECTION, WEB).orElseThrow().body());
        assertThat(row)
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry(NodeMemory.TYPE, "pod")
                .containsEntry(NodeMemory.API_VERSION, "v1")
                .containsEntry(NodeMemory.KIND, "Pod")
                .containsEntry(NodeMemory.VALUE, Json.read(pod("u1", "5", "")));
        slow.cloud("delete", WEB, "6", pod("u1", "6", ""));
        held.flush();
        assertThat(slow.changed).containsExactly(WEB, WEB, "default/podpatch/web");
    }

    @Test
    void whatIsNotWrittenIsNoChangeOfTheMemory() {
        disk.failWrites(true);

        node.cloud("insert", WEB, "5", pod("u1", "5", ""));

        assertThat(node.changed).isEmpty();
    }

    @Test
    void manyChangesAreHandedOnInTheOrderTheyCame() {
        SteppedDocumentStore held = new SteppedDocumentStore(disk);
        Node slow = new Node(held).connected();
        for (int i = 1; i <= 50; i++) {
            slow.cloud("update", "default/configmap/c" + i % 7, "" + i, "{\"metadata\":{\"uid\":\"u\"}}");
        }

        held.flush();
        slow.context.runWork();

        assertThat(slow.toEdged())
                .extracting(m -> m.header().resourceVersion())
                .containsExactlyElementsOf(java.util.stream.IntStream.rangeClosed(1, 50)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(slow.toHub()).hasSize(50);
    }

    @Test
    void theContentIsKeptByteForByte() {
        String odd =
                "{ \"kind\" : \"Pod\",\n \"x\": 1.10, \"y\":1e3, \"metadata\":{\"uid\":\"u1\"}, \"z\":\"\\u00e9,\\\"value\\\":\" }";

        node.cloud("insert", WEB, "5", odd);
        node.query(WEB);

        assertThat(Row.decode(WEB, disk.get("meta", WEB).orElseThrow().body()).value())
                .isEqualTo(odd);
        assertThat(node.replies().get(0).content()).isEqualTo(new Content.Json(Json.write(java.util.List.of(odd))));
    }

    @Test
    void aDuplicateIsAcknowledgedAndNotHandedOn() {
        node.cloud("insert", WEB, "5", pod("u1", "5", ""));
        node.context.clear();

        Message again = node.cloud("insert", WEB, "5", pod("u1", "5", ""));
        Message older = node.cloud("update", WEB, "4", pod("u1", "4", ""));

        assertThat(node.toEdged()).isEmpty();
        assertThat(node.toHub()).extracting(Message::parentId).containsExactly(again.id(), older.id());
    }

    @Test
    void aDuplicateOfAWriteUnderWayIsAcknowledgedAfterIt() {
        SteppedDocumentStore held = new SteppedDocumentStore(disk);
        Node slow = new Node(held).connected();
        slow.cloud("insert", WEB, "5", pod("u1", "5", ""));

        slow.cloud("insert", WEB, "5", pod("u1", "5", ""));
        assertThat(slow.toHub()).isEmpty();
        held.flush();
        slow.context.runWork();

        assertThat(slow.toEdged()).hasSize(1);
        assertThat(slow.toHub()).hasSize(2);
    }

    // CloudHub compares as unsigned 64-bit numbers; as text "10" would be older than "9".
    @Test
    void versionsAreComparedAsUnsignedNumbers() {
        node.cloud("insert", WEB, "9", pod("u1", "9", ""));
        node.cloud("update", WEB, "10", pod("u1", "10", ""));
        node.cloud("update", WEB, "18446744073709551615", pod("u1", "18446744073709551615", ""));
        node.context.clear();

        node.cloud("update", WEB, "9223372036854775807", pod("u1", "9223372036854775807", ""));

        assertThat(node.toEdged()).isEmpty();
        assertThat(disk.get("meta", WEB).orElseThrow().body()).contains("18446744073709551615");
    }

    @Test
    void anObjectMadeAnewUnderTheSameNameIsTakenWhateverItsVersion() {
        node.cloud("insert", WEB, "500", pod("u1", "500", ""));

        Message anew = node.cloud("insert", WEB, "3", pod("u2", "3", ""));

        assertThat(node.toEdged()).endsWith(anew);
    }

    @Test
    void aDeleteRemovesThePodAndItsPatchAndIsHandedOn() {
        node.cloud("insert", WEB, "5", pod("u1", "5", ""));
        node.tell("patch", "default/podpatch/web", "\"{}\"");
        node.context.clear();

        Message delete = node.cloud("delete", WEB, "6", pod("u1", "6", ""));

        assertThat(disk.count("meta", "")).isZero();
        assertThat(node.toEdged()).containsExactly(delete);
        assertThat(node.toHub()).extracting(Message::parentId).containsExactly(delete.id());
    }

    // The sync controller's form: metadata only, no kind, no version.
    @Test
    void theCloudsGarbageCollectionDeletesByMetadataAlone() {
        node.cloud("insert", WEB, "5", pod("u1", "5", ""));

        Message delete = node.cloud(
                "delete", WEB, "", "{\"metadata\":{\"name\":\"web\",\"namespace\":\"default\",\"uid\":\"u1\"}}");

        assertThat(disk.count("meta", "")).isZero();
        assertThat(node.toEdged()).endsWith(delete);
    }

    @Test
    void aDeleteOfAPredecessorDoesNotTouchItsSuccessor() {
        node.cloud("insert", WEB, "7", pod("u2", "7", ""));
        node.context.clear();

        Message late = node.cloud("delete", WEB, "", "{\"metadata\":{\"uid\":\"u1\"}}");

        assertThat(disk.get("meta", WEB)).isPresent();
        assertThat(node.toEdged()).isEmpty();
        assertThat(node.toHub()).extracting(Message::parentId).containsExactly(late.id());
    }

    // A namesake of another group has the row: who watches both learns of the other only by asking.
    @Test
    void aDeleteOfWhatTheRowDoesNotHoldHasItReadAgain() {
        node.cloud("insert", WEB, "7", pod("u2", "7", ""));
        node.changed.clear();

        node.cloud("delete", WEB, "", "{\"metadata\":{\"uid\":\"u1\"}}");

        assertThat(node.changed).containsExactly(WEB);
    }

    // A repeated update that was overtaken by the delete would start the pod again, for ever.
    @Test
    void aLateUpdateDoesNotBringADeletedPodBack() {
        node.cloud("insert", WEB, "5", pod("u1", "5", ""));
        node.cloud("delete", WEB, "7", pod("u1", "7", ""));
        node.context.clear();

        Message late = node.cloud("update", WEB, "6", pod("u1", "6", ""));

        assertThat(disk.count("meta", "")).isZero();
        assertThat(node.toEdged()).isEmpty();
        assertThat(node.toHub()).extracting(Message::parentId).containsExactly(late.id());
    }

    // edged may have missed the first one: to be told twice does no harm, never to be told leaves a pod behind.
    @Test
    void aDeleteOfAnUnknownPodIsHandedOn() {
        Message delete = node.cloud("delete", WEB, "7", pod("u1", "7", ""));

        assertThat(node.toEdged()).containsExactly(delete);
    }

    @Test
    void aFailingStoreGivesAnErrorAndNoAcknowledgement() {
        disk.failWrites(true);

        Message insert = node.cloud("insert", WEB, "5", pod("u1", "5", ""));

        assertThat(node.toEdged()).isEmpty();
        assertThat(node.toHub()).singleElement().satisfies(error -> {
            assertThat(error.parentId()).isEqualTo(insert.id());
            assertThat(error.route().operation()).isEqualTo("error");
        });
    }

    @Test
    void whatCouldNotBeStoredIsTakenWhenItComesAgain() {
        disk.failWrites(true);
        node.cloud("insert", WEB, "5", pod("u1", "5", ""));
        disk.failWrites(false);
        node.context.clear();

        Message again = node.cloud("insert", WEB, "5", pod("u1", "5", ""));

        assertThat(node.toEdged()).containsExactly(again);
        assertThat(node.toHub()).extracting(Message::content).containsExactly(Content.OK);
    }

    @Test
    void aFailedDeleteLeavesThePodKnown() {
        node.cloud("insert", WEB, "5", pod("u1", "5", ""));
        disk.failWrites(true);
        node.cloud("delete", WEB, "7", pod("u1", "7", ""));
        disk.failWrites(false);
        node.context.clear();

        node.query("default/pod");
        node.cloud("delete", WEB, "7", pod("u1", "7", ""));

        assertThat(node.replies().get(0).content().json()).contains("u1");
        assertThat(node.toEdged()).hasSize(1);
        assertThat(disk.count("meta", "")).isZero();
    }

    @Test
    void whatAFullMailboxRefusesIsOfferedAgainInOrder() {
        node.context.deliverAs(Delivery.REFUSED);
        Message first = node.cloud("insert", WEB, "5", pod("u1", "5", ""));
        Message second = node.cloud("insert", "default/configmap/c", "6", "{}");
        node.context.clear();

        node.context.deliverAs(Delivery.ACCEPTED);
        node.context.advance(Duration.ofSeconds(1));

        assertThat(node.toEdged()).containsExactly(first, second);
    }

    @Test
    void devicesGoToTheTwin() {
        node.cloud("insert", "default/device/pump", "5", "{\"metadata\":{\"uid\":\"d1\"}}");

        assertThat(node.context.sentTo("twin"))
                .singleElement()
                .satisfies(message -> assertThat(message.route())
                        .isEqualTo(Route.of("meta", "twin", "insert", "default/device/pump")));
        assertThat(node.toHub()).hasSize(1);
    }

    @Test
    void unknownOperationsAndResourcesAreAnsweredAndCounted() {
        node.receive(Message.of(Route.of("edgecontroller", "resource", "dance", "default/pod/web"), Content.EMPTY));
        node.receive(Message.of(Route.of("edgecontroller", "resource", "insert", "x"), new Content.Json("\"text\"")));
        node.receive(Message.of(Route.of("edgecontroller", "resource", "insert", "k".repeat(900)), Content.EMPTY));
        node.receive(Message.of(Route.of("", "", "", ""), Content.EMPTY));

        assertThat(node.toHub())
                .extracting(m -> m.route().operation())
                .containsExactly("error", "response", "error", "error");
    }
}
