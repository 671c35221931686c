package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.edgehub.internal.OutboxFigures.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final InMemoryDocumentStore store = new InMemoryDocumentStore();
    private final FakeModuleContext context = new FakeModuleContext("websocket");
    private final OutboxFigures figures = new OutboxFigures();
    private final List<Message> sent = new ArrayList<>();
    private final Uplink uplink = message -> {
        sent.add(message);
        return CompletableFuture.completedFuture(null);
    };
    private final Outbox outbox = newOutbox();

    private Outbox newOutbox() {
        return new Outbox(
                store,
                context,
                Map.of(OutboxClass.EVENT, 3, OutboxClass.UPLOAD, 3, OutboxClass.OTHER, 3),
                TIMEOUT,
                figures);
    }

    private static Message patch(String pod, int number) {
        return Message.of(
                Route.of("edged", "meta", "patch", "default/podpatch/" + pod), new Content.Json("\"" + number + "\""));
    }

    private static Message event(int number) {
        return Message.of(
                Route.of("edged", "meta", "insert", "default/event/e" + number),
                new Content.Json("{\"n\":" + number + "}"));
    }

    private void put(Message message) {
        outbox.put(message, OutboxClass.of(message));
        context.runWork();
    }

    private void connect(boolean answersAll) {
        outbox.connected(uplink, answersAll);
        context.runWork();
    }

    private void answer(Message question, String content) {
        assertThat(outbox.answered(question.reply(new Content.Json(content)))).isTrue();
        context.runWork();
    }

    private long stored() {
        return store.count(Outbox.COLLECTION, "");
    }

    // kill -9 may come at any moment: what the cloud could already have seen must be found again.
    @Test
    void messageIsOnDiskBeforeItIsSent() {
        List<Long> storedWhenSent = new ArrayList<>();
        outbox.connected(
                message -> {
                    storedWhenSent.add(stored());
                    return CompletableFuture.completedFuture(null);
                },
                false);

        put(patch("web-0", 1));

        assertThat(storedWhenSent).containsExactly(1L);
    }

    @Test
    void stateLeavesWhenTheCloudHasAnswered() {
        connect(false);
        Message patch = patch("web-0", 1);
        put(patch);
        assertThat(stored()).isEqualTo(1);

        answer(patch, "{\"Object\":{},\"Err\":null}");

        assertThat(stored()).isZero();
        assertThat(figures.kept(OutboxClass.STATUS)).isZero();
    }

    @Test
    void eventLeavesWhenWrittenToAPeerThatNeverAnswersIt() {
        connect(false);

        put(event(1));

        assertThat(sent).hasSize(1);
        assertThat(stored()).isZero();
    }

    @Test
    void eventStaysUntilAnsweredByAPeerThatSaidItWould() {
        connect(true);
        Message event = event(1);
        put(event);
        assertThat(stored()).isEqualTo(1);

        answer(event, "\"OK\"");

        assertThat(stored()).isZero();
    }

    @Test
    void newerStateOfAnObjectReplacesTheOlder() {
        put(patch("web-0", 1));
        put(patch("web-1", 2));
        put(patch("web-0", 3));

        connect(false);

        assertThat(sent).extracting(m -> m.content().json()).containsExactly("\"3\"", "\"2\"");
    }

    // The answer to the older state must not take the newer one away.
    @Test
    void lateAnswerToAReplacedStateRemovesNothing() {
        connect(false);
        Message first = patch("web-0", 1);
        Message second = patch("web-0", 2);
        put(first);
        put(second);

        answer(first, "\"OK\"");

        assertThat(stored()).isEqualTo(1);
        answer(second, "\"OK\"");
        assertThat(stored()).isZero();
    }

    // CloudCore's hundred workers: of two patches under way the older one was seen to be applied last, and to stay.
    @Test
    void newerStateWaitsForTheAnswerToTheOlder() {
        connect(false);
        Message first = patch("web-0", 1);
        put(first);
        put(patch("web-0", 2));
        put(patch("web-0", 3));
        put(patch("web-1", 4));
        assertThat(sent).extracting(m -> m.content().json()).containsExactly("\"1\"", "\"4\"");

        answer(first, "\"OK\"");

        assertThat(sent).extracting(m -> m.content().json()).containsExactly("\"1\"", "\"4\"", "\"3\"");
    }

    @Test
    void newerStateWaitsNoLongerThanTheTimeoutNorThanTheLink() {
        connect(false);
        put(patch("web-0", 1));
        put(patch("web-0", 2));

        context.advance(TIMEOUT.plusSeconds(1));
        outbox.tick();
        assertThat(sent).extracting(m -> m.content().json()).containsExactly("\"1\"", "\"2\"");

        put(patch("web-0", 3));
        outbox.disconnected();
        connect(false);
        assertThat(sent).extracting(m -> m.content().json()).containsExactly("\"1\"", "\"2\"", "\"3\"");
    }

    @Test
    void newerStateDoesNotWaitForAnOlderOneThatCouldNotBeWritten() {
        CompletableFuture<Void> writing = new CompletableFuture<>();
        outbox.connected(
                message -> {
                    sent.add(message);
                    return sent.size() == 1 ? writing : CompletableFuture.completedFuture(null);
                },
                false);
        put(patch("web-0", 1));
        put(patch("web-0", 2));
        assertThat(sent).hasSize(1);

        writing.completeExceptionally(new EdgeException(Reason.TOO_MANY_REQUESTS, "full"));
        context.runWork();

        assertThat(sent).hasSize(2);
    }

    @Test
    void successorLetsTheOlderStateGoAheadToo() {
        connect(false);
        Message first = patch("web-0", 1);
        put(first);
        put(patch("web-0", 2));
        Outbox successor = newOutbox();

        successor.load(outbox.waiting());
        successor.connected(uplink, false);
        context.runWork();
        assertThat(sent).hasSize(1);

        assertThat(successor.answered(first.reply(Content.OK))).isTrue();
        assertThat(sent).hasSize(2);
    }

    @Test
    void whatWasKeptIsSentAfterARestartInOrder() {
        put(event(1));
        put(event(2));
        put(patch("web-0", 3));
        Outbox successor = newOutbox();

        successor.load(Map.of());
        successor.connected(uplink, false);
        context.runWork();

        assertThat(sent)
                .extracting(m -> m.content().json())
                .containsExactlyInAnyOrder("{\"n\":1}", "{\"n\":2}", "\"3\"")
                .containsSubsequence("{\"n\":1}", "{\"n\":2}");
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void numberingGoesOnAfterARestart() {
        put(event(1));
        Outbox successor = newOutbox();
        successor.load(Map.of());

        successor.put(event(2), OutboxClass.EVENT);
        context.runWork();

        assertThat(stored()).isEqualTo(2);
    }

    @Test
    void whatWasUnderWayIsSentAgainOnTheNextLinkUnderTheSameId() {
        connect(false);
        Message patch = patch("web-0", 1);
        put(patch);

        outbox.disconnected();
        connect(false);

        assertThat(sent).extracting(Message::id).containsExactly(patch.id(), patch.id());
    }

    // The link lives on when the module is replaced: the answer is on its way, nothing needs to go twice.
    @Test
    void successorOnTheSameLinkWaitsForWhatItsPredecessorSent() {
        connect(false);
        Message patch = patch("web-0", 1);
        put(patch);
        Outbox successor = newOutbox();

        successor.load(outbox.waiting());
        successor.connected(uplink, false);
        context.runWork();

        assertThat(sent).hasSize(1);
        assertThat(successor.answered(patch.reply(Content.OK))).isTrue();
        assertThat(stored()).isZero();
    }

    @Test
    void unansweredStateIsSentAgainAfterItsTimeout() {
        connect(false);
        put(patch("web-0", 1));

        context.advance(TIMEOUT.plusSeconds(1));
        outbox.tick();

        assertThat(sent).hasSize(2);
    }

    @Test
    void stateOfAnObjectTheCloudDoesNotKnowLeavesAndIsCounted() {
        connect(false);
        Message patch = patch("web-0", 1);
        put(patch);

        answer(patch, "{\"Object\":null,\"Err\":{\"ErrStatus\":{\"status\":\"Failure\",\"reason\":\"NotFound\"}}}");

        assertThat(stored()).isZero();
        assertThat(figures.losses(OutboxClass.STATUS, Loss.REFUSED)).isEqualTo(1);
    }

    @Test
    void stateThatMetAConflictIsSentAgainLater() {
        connect(false);
        Message patch = patch("web-0", 1);
        put(patch);

        answer(patch, "{\"ErrStatus\":{\"status\":\"Failure\",\"reason\":\"Conflict\"}}");
        assertThat(sent).hasSize(1);
        context.advance(Duration.ofSeconds(5));

        assertThat(sent).hasSize(2);
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void stateThatTheCloudHadNoWayForIsSentAgainLater() {
        connect(false);
        Message patch = patch("web-0", 1);
        put(patch);

        answer(
                patch,
                "{\"Object\":{\"metadata\":{}},\"Err\":{\"Op\":\"Patch\",\"URL\":\"https://10.0.0.1/\",\"Err\":{}}}");
        context.advance(Duration.ofSeconds(5));

        assertThat(sent).hasSize(2);
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void beyondTheQuotaTheOldestEventGoesAndIsCounted() {
        for (int i = 1; i <= 5; i++) {
            put(event(i));
        }

        connect(false);

        assertThat(sent).extracting(m -> m.content().json()).containsExactly("{\"n\":3}", "{\"n\":4}", "{\"n\":5}");
        assertThat(figures.losses(OutboxClass.EVENT, Loss.QUOTA)).isEqualTo(2);
    }

    @Test
    void notMoreThanAWindowIsUnderWayAtATime() {
        connect(false);
        List<Message> patches = new ArrayList<>();
        for (int i = 0; i < OutboxWindow.SIZE + 5; i++) {
            patches.add(patch("web-" + i, i));
            put(patches.get(i));
        }
        assertThat(sent).hasSize(OutboxWindow.SIZE);

        answer(patches.get(0), "\"OK\"");

        assertThat(sent).hasSize(OutboxWindow.SIZE + 1);
    }

    // A full disk must not cut the node off while there is a link.
    @Test
    void messageThatCannotBeStoredIsStillSent() {
        connect(false);
        store.failWrites(true);

        put(patch("web-0", 1));

        assertThat(sent).hasSize(1);
    }

    @Test
    void messageTheLinkCannotCarryIsGivenUpAndCounted() {
        outbox.connected(
                message -> CompletableFuture.failedFuture(new EdgeException(Reason.TOO_LARGE, "too large")), false);

        put(event(1));

        assertThat(stored()).isZero();
        assertThat(figures.losses(OutboxClass.EVENT, Loss.TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void fullLinkIsTriedAgainSoon() {
        List<Message> tried = new ArrayList<>();
        outbox.connected(
                message -> {
                    tried.add(message);
                    return tried.size() == 1
                            ? CompletableFuture.failedFuture(new EdgeException(Reason.TOO_MANY_REQUESTS, "full"))
                            : CompletableFuture.completedFuture(null);
                },
                false);

        put(event(1));
        context.advance(Duration.ofSeconds(1));

        assertThat(tried).hasSize(2);
        assertThat(stored()).isZero();
    }
}
