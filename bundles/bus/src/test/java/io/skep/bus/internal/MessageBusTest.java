package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.bus.internal.host.ModuleService;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.BusStatus;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageBusTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final BusFixture fixture = new BusFixture();
    private final EventAdminMessageBus bus = fixture.bus;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void sentMessagesAreReceivedInOrder() throws Exception {
        bus.addModule("a");
        List<Message> sent = List.of(message("r/1"), message("r/2"), message("r/3"));

        sent.forEach(m -> assertThat(bus.send("a", m)).isEqualTo(Delivery.ACCEPTED));

        assertThat(List.of(bus.receive("a"), bus.receive("a"), bus.receive("a")))
                .isEqualTo(sent);
    }

    @Test
    void receiveWaitsForAMessage() throws Exception {
        bus.addModule("a");
        CompletableFuture<Message> got = CompletableFuture.supplyAsync(() -> receive("a"));
        Message sent = message("r/1");

        bus.send("a", sent);

        assertThat(got.get(30, TimeUnit.SECONDS)).isEqualTo(sent);
    }

    @Test
    void addingAModuleAgainKeepsItsMessages() throws Exception {
        bus.addModule("a");
        Message sent = message("r/1");
        bus.send("a", sent);

        bus.addModule("a");

        assertThat(bus.receive("a")).isEqualTo(sent);
    }

    @Test
    void messageToNobodyIsDroppedAndCounted() {
        assertThat(bus.send("nobody", message("r/1"))).isEqualTo(Delivery.DROPPED);
        assertThat(bus.sendToGroup("nobody", message("r/1"))).isEqualTo(Delivery.DROPPED);

        assertThat(bus.status().losses()).containsEntry("NoModule", 1L).containsEntry("EmptyGroup", 1L);
    }

    @Test
    void requestToNobodyFailsAtOnce() {
        assertThatThrownBy(() -> bus.sendSync("nobody", message("r/1"), LONG))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE))
                .hasMessageContaining("nobody");
    }

    @Test
    void requestIsAnswered() {
        fixture.add("echo", TestModule.echo());

        Message answer = bus.sendSync("echo", message("r/1", "{\"n\":1}"), LONG);

        assertThat(answer.content()).isEqualTo(new Content.Json("{\"n\":1}"));
    }

    @Test
    void requestIsMarkedSoThatTheReceiverKnowsSomebodyWaits() {
        TestModule echo = TestModule.echo();
        fixture.add("echo", echo);

        bus.sendSync("echo", message("r/1"), LONG);

        assertThat(echo.next().header().sync()).isTrue();
    }

    @Test
    void requestEndsWhenItsTimeIsUp() {
        bus.addModule("silent");

        assertThatThrownBy(() -> bus.sendSync("silent", message("r/1"), Duration.ofMillis(20)))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
        assertThatThrownBy(() -> bus.request("silent", message("r/2"), Duration.ofMillis(20))
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(EdgeException.class)
                .hasMessageContaining("silent");
    }

    // A caller asks for the reason; a wrapper around the failure would hide it.
    @Test
    void failedStageCarriesTheReasonItself() {
        List<Throwable> failures = new ArrayList<>();

        bus.request("nobody", message("r/1"), LONG).whenComplete((answer, failure) -> failures.add(failure));

        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE));
    }

    @Test
    void answerAfterTheTimeIsUpIsCounted() throws Exception {
        bus.addModule("late");
        assertThatThrownBy(() -> bus.sendSync("late", message("r/1"), Duration.ofMillis(20)))
                .isInstanceOf(EdgeException.class);

        Delivery delivery = bus.sendResp(bus.receive("late").reply(Content.OK));

        assertThat(delivery).isEqualTo(Delivery.DROPPED);
        assertThat(bus.status().losses()).containsEntry("NoWaiter", 1L);
    }

    @Test
    void secondAnswerIsNotDelivered() throws Exception {
        bus.addModule("twice");
        CompletableFuture<Message> answer =
                bus.request("twice", message("r/1"), LONG).toCompletableFuture();
        Message question = bus.receive("twice");

        assertThat(bus.sendResp(question.reply(new Content.Json("1")))).isEqualTo(Delivery.ACCEPTED);
        assertThat(bus.sendResp(question.reply(new Content.Json("2")))).isEqualTo(Delivery.DROPPED);

        assertThat(answer.get(30, TimeUnit.SECONDS).content()).isEqualTo(new Content.Json("1"));
    }

    // Two waits on one id could not be told apart: the second asker would steal the first one's answer.
    @Test
    void secondRequestOfTheSameIdIsRefused() {
        bus.addModule("silent");
        Message request = message("r/1");
        bus.request("silent", request, LONG);

        assertThat(bus.request("silent", request, LONG).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void groupMessageReachesEveryMemberInTheSameOrder() throws Exception {
        bus.addModuleGroup("a", "g");
        bus.addModuleGroup("b", "g");
        CountDownLatch together = new CountDownLatch(1);
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            senders.add(new Thread(() -> {
                awaitQuietly(together);
                for (int i = 0; i < 100; i++) {
                    bus.sendToGroup("g", message("r/" + i));
                }
            }));
        }
        senders.forEach(Thread::start);

        together.countDown();

        List<String> atA = new ArrayList<>();
        List<String> atB = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            atA.add(bus.receive("a").id());
            atB.add(bus.receive("b").id());
        }
        assertThat(atA).isEqualTo(atB);
    }

    @Test
    void groupRequestCollectsOneAnswerOfEachMember() {
        for (String name : List.of("one", "two", "three")) {
            fixture.add(
                    name,
                    new TestModule((context, m) ->
                            context.bus().sendResp(m.reply(name, new Content.Json("\"" + name + "\"")))));
            bus.addModuleGroup(name, "all");
        }

        List<Message> answers = bus.sendToGroupSync("all", message("r/1"), LONG);

        assertThat(answers).extracting(m -> m.route().source()).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void groupRequestToAnEmptyGroupFailsAtOnce() {
        assertThatThrownBy(() -> bus.sendToGroupSync("nobody", message("r/1"), LONG))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE));
    }

    @Test
    void groupRequestEndsWhenOneMemberIsSilent() {
        fixture.add("echo", TestModule.echo());
        bus.addModuleGroup("echo", "g");
        bus.addModuleGroup("silent", "g");

        assertThatThrownBy(() -> bus.sendToGroupSync("g", message("r/1"), Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
    }

    @Test
    void cleanupFailsWaitingRequestsAndCountsTheRest() {
        bus.addModule("a");
        CompletableFuture<Message> answer =
                bus.request("a", message("r/1"), LONG).toCompletableFuture();
        bus.send("a", message("r/2"));

        bus.cleanup("a");

        assertThat(answer).isCompletedExceptionally();
        assertThat(bus.status().losses()).containsEntry("CleanedUp", 2L);
        assertThat(bus.send("a", message("r/3"))).isEqualTo(Delivery.DROPPED);
    }

    @Test
    void whatWaitsForAnUninstalledModuleIsDroppedAndCountedOnceItsTimeIsOver() {
        try (BusFixture impatient = new BusFixture(
                BusFixture.limits(10, 0), Duration.ofSeconds(5), BusFixture.freshFolder(), Duration.ZERO)) {
            ModuleService service = impatient.add("guest", TestModule.echo());
            impatient.bus.remove(service);
            impatient.bus.send("guest", message("r/1"));
            CompletableFuture<Message> answer =
                    impatient.bus.request("guest", message("r/2"), LONG).toCompletableFuture();
            impatient.bus.lookForDepartures();
            assertThat(impatient.bus.status().losses()).containsEntry("CleanedUp", 0L);

            impatient.bus.departed("guest");
            impatient.bus.lookForDepartures();

            assertThat(impatient.bus.status().losses()).containsEntry("CleanedUp", 2L);
            assertThat(answer).isCompletedExceptionally();
            assertThat(impatient.bus.list()).isEmpty();
        }
    }

    @Test
    void cleanupEndsReceive() throws Exception {
        bus.addModule("a");
        CompletableFuture<Message> got = CompletableFuture.supplyAsync(() -> receive("a"));

        bus.cleanup("a");

        assertThatThrownBy(() -> got.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(EdgeException.class);
    }

    @Test
    void receiveOfAnUnknownModuleIsNotFound() {
        assertThatThrownBy(() -> bus.receive("nobody"))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
    }

    // A handler on Event Admin's deny list must not cost a message: the sender hands it over itself.
    @Test
    void messageArrivesAlthoughTheCarrierDoesNotBringIt() throws Exception {
        bus.addModule("a");
        fixture.events.silence(bus);
        Message sent = message("r/1");

        assertThat(bus.send("a", sent)).isEqualTo(Delivery.ACCEPTED);

        assertThat(bus.receive("a")).isEqualTo(sent);
    }

    @Test
    void stoppingTheBusFailsWaitingRequests() {
        bus.addModule("silent");
        CompletableFuture<Message> answer =
                bus.request("silent", message("r/1"), LONG).toCompletableFuture();

        bus.close();

        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void statusShowsMailboxesAndGroups() {
        bus.addModuleGroup("a", "g");
        bus.send("a", message("r/1"));

        assertThat(bus.status().mailboxes()).containsExactly(new BusStatus.Mailbox("a", List.of("g"), 1, 0, 1, 0, 0));
    }

    private Message receive(String module) {
        try {
            return bus.receive(module);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
