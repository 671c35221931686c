package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.cloudhub.internal.CloudHubSettings.Delivery;
import io.skep.cloudhub.internal.SyncRecords.Subject;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class AckQueueTest {

    private final InMemoryResourceStore store = new InMemoryResourceStore();
    private final FakeModuleContext context = new FakeModuleContext("cloudhub");
    private final HubCounters counters = new HubCounters();
    private final List<Message> sent = new ArrayList<>();
    private final AckQueue queue = queue(1, 100);

    private AckQueue queue(int window, int limit) {
        return new AckQueue(
                context,
                new SyncRecords(context, store, counters),
                sent::add,
                new Delivery(Duration.ofSeconds(5), 5, 64, limit),
                window,
                counters);
    }

    private Message offer(String operation, String name, String version) {
        return offer(queue, operation, name, version, false);
    }

    private Message offer(AckQueue to, String operation, String name, String version, boolean deleting) {
        Message message = Message.of(
                Route.of("edgecontroller", "resource", operation, "default/configmap/" + name),
                new Content.Json("{\"v\":\"" + version + "\"}"));
        message = message.withHeader(message.header().withResourceVersion(version));
        to.offer(message, subject(name, deleting));
        context.runWork();
        return message;
    }

    private static Subject subject(String name, boolean deleting) {
        return new Subject("edge-1", "default", new ObjectHead("v1", "ConfigMap", name, "uid-" + name, deleting));
    }

    private void acknowledge(Message message) {
        queue.acknowledged(message.id());
        context.runWork();
    }

    private String syncedVersion(String name) {
        return store.get(new ObjectKey(Kinds.OBJECT_SYNC, "default", "edge-1.uid-" + name))
                .status()
                .text("objectResourceVersion");
    }

    @Test
    void nextObjectIsSentOnlyAfterTheAcknowledgement() {
        Message first = offer("insert", "a", "5");
        Message second = offer("insert", "b", "6");
        assertThat(sent).containsExactly(first);

        acknowledge(first);

        assertThat(sent).containsExactly(first, second);
        assertThat(queue.pending()).isEqualTo(1);
    }

    @Test
    void nodeOfOurOwnKindHasManyUnderWay() {
        AckQueue wide = queue(3, 100);
        for (int i = 0; i < 5; i++) {
            offer(wide, "insert", "m" + i, "5", false);
        }

        assertThat(sent).hasSize(3);
    }

    // Otherwise an object could be on a node after a crash here, and nobody would know to delete it.
    @Test
    void recordIsMadeBeforeTheFirstSending() {
        offer("insert", "a", "5");

        assertThat(syncedVersion("a")).isEqualTo("0");
    }

    @Test
    void acknowledgementIsRecorded() {
        Message message = offer("insert", "a", "5");

        acknowledge(message);

        assertThat(syncedVersion("a")).isEqualTo("5");
        assertThat(queue.pending()).isZero();
    }

    @Test
    void acknowledgedDeletionRemovesTheRecord() {
        acknowledge(offer("insert", "a", "5"));

        acknowledge(offer("delete", "a", "6"));

        Assertions.assertThatThrownBy(() -> syncedVersion("a")).isInstanceOf(KubeException.class);
    }

    @Test
    void sameMessageIsSentFiveTimesFiveSecondsApart() {
        Message message = offer("insert", "a", "5");
        context.advance(Duration.ofMillis(4999));
        assertThat(sent).hasSize(1);

        context.advance(Duration.ofMillis(20_000));

        assertThat(sent).hasSize(5).containsOnly(message);
    }

    @Test
    void objectNobodyAcknowledgesMakesRoomAndIsTriedAgain() {
        Message stuck = offer("insert", "a", "5");
        Message other = offer("insert", "b", "6");

        context.advance(Duration.ofSeconds(25));
        assertThat(sent.get(sent.size() - 1)).isEqualTo(other);
        acknowledge(other);
        context.advance(Duration.ofSeconds(1));

        assertThat(sent.get(sent.size() - 1)).isEqualTo(stuck);
    }

    @Test
    void acknowledgementThatComesLateStillCounts() {
        Message stuck = offer("insert", "a", "5");
        context.advance(Duration.ofSeconds(25));

        acknowledge(stuck);
        int before = sent.size();
        context.advance(Duration.ofMinutes(1));

        assertThat(syncedVersion("a")).isEqualTo("5");
        assertThat(sent).hasSize(before);
        assertThat(queue.pending()).isZero();
    }

    @Test
    void newerObjectReplacesTheWaitingOneInItsPlace() {
        offer("insert", "first", "1");
        offer("update", "a", "5");
        offer("update", "b", "6");
        Message newer = offer("update", "a", "7");

        acknowledge(sent.get(0));

        assertThat(sent.get(1)).isEqualTo(newer);
        assertThat(queue.pending()).isEqualTo(2);
    }

    @Test
    void newerObjectFollowsTheOneUnderWay() {
        Message first = offer("update", "a", "5");
        Message second = offer("update", "a", "6");
        Message third = offer("update", "a", "7");
        assertThat(sent).containsExactly(first);

        acknowledge(first);

        assertThat(sent).containsExactly(first, third).doesNotContain(second);
        assertThat(syncedVersion("a")).isEqualTo("5");
    }

    @Test
    void objectTheNodeHasIsNotSent() {
        acknowledge(offer("insert", "a", "5"));
        sent.clear();

        offer("update", "a", "5");
        offer("update", "a", "4");
        offer(queue(1, 10), "update", "a", "5", false);

        assertThat(sent).isEmpty();
    }

    @Test
    void nothingFollowsADeletionButAnotherDeletion() {
        Message deletion = offer("delete", "a", "9");

        offer("update", "a", "10");
        acknowledge(deletion);

        assertThat(sent).containsExactly(deletion);
    }

    @Test
    void deletionWithoutVersionIsSent() {
        assertThat(offer("delete", "a", "")).isEqualTo(sent.get(0));
    }

    // Two pods ask for the same ConfigMap: both askers wait for an answer of their own.
    @Test
    void answersToTwoQueriesForOneObjectAreBothSent() {
        Message question1 = Message.of(Route.of("edged", "resource", "query", "default/configmap/a"), Content.EMPTY);
        Message question2 = Message.of(Route.of("edged", "resource", "query", "default/configmap/a"), Content.EMPTY);
        for (Message question : List.of(question1, question2)) {
            Message reply = question.reply("edgecontroller", new Content.Json("{}"));
            reply = reply.withHeader(reply.header().withResourceVersion("5"));
            queue.offer(reply, subject("a", false));
            context.runWork();
        }
        acknowledge(sent.get(0));

        assertThat(sent).extracting(Message::parentId).containsExactly(question1.id(), question2.id());
        acknowledge(sent.get(1));
        assertThat(syncedVersion("a")).isEqualTo("5");
    }

    @Test
    void queueIsBounded() {
        AckQueue narrow = queue(1, 2);
        for (int i = 0; i < 4; i++) {
            offer(narrow, "insert", "m" + i, "5", false);
        }

        assertThat(narrow.pending()).isEqualTo(2);
        assertThat(counters.value(HubCounters.Event.QUEUE_FULL)).isEqualTo(2);
    }

    @Test
    void messageThatCanNeverGoOutMakesRoom() {
        Message first = offer("insert", "a", "5");
        Message second = offer("insert", "b", "6");

        queue.undeliverable(first.id());

        assertThat(sent).containsExactly(first, second);
    }

    @Test
    void closedQueueIsSilent() {
        offer("insert", "a", "5");
        queue.close();

        context.advance(Duration.ofMinutes(2));

        assertThat(sent).hasSize(1);
        assertThat(queue.pending()).isZero();
    }

    @Test
    void storeThatFailsHoldsNothingUp() {
        AckQueue other = new AckQueue(
                context,
                new SyncRecords(context, new InMemoryResourceStore(List.of()), counters),
                sent::add,
                new Delivery(Duration.ofSeconds(5), 5, 64, 10),
                1,
                counters);
        // An unknown kind is "not found" to a reader and an error to a writer.
        offer(other, "insert", "a", "5", false);

        assertThat(sent).isEmpty();
        assertThat(other.pending()).isZero();
        assertThat(counters.value(HubCounters.Event.SYNC_FAILED)).isEqualTo(1);
    }
}
