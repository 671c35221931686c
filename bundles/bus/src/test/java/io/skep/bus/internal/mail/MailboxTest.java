package io.skep.bus.internal.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private final InMemoryDocumentStore store = new InMemoryDocumentStore();
    private final Object reader = new Object();

    @Test
    void keepsTheOrderThroughMemoryAndStore() throws Exception {
        Mailbox mailbox = mailbox(3, 1000);

        List<Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            deliveries.add(offer(mailbox, other(i)));
        }

        assertThat(deliveries.subList(0, 3)).containsOnly(Delivery.ACCEPTED);
        assertThat(deliveries.subList(3, 300)).containsOnly(Delivery.SPILLED);
        assertThat(read(mailbox, 300)).isEqualTo(numbers(0, 300));
    }

    // If a newcomer took the room that has just become free in memory, it would overtake what is in the store.
    @Test
    void newcomersQueueUpInTheStoreWhileSomethingIsThere() throws Exception {
        Mailbox mailbox = mailbox(2, 1000);
        for (int i = 0; i < 4; i++) {
            offer(mailbox, other(i));
        }
        mailbox.open(reader);
        List<String> got = new ArrayList<>(readOpen(mailbox, 1));

        assertThat(offer(mailbox, other(4))).isEqualTo(Delivery.SPILLED);

        got.addAll(readOpen(mailbox, 4));
        assertThat(got).isEqualTo(numbers(0, 5));
        assertThat(offer(mailbox, other(5))).isEqualTo(Delivery.ACCEPTED);
    }

    // With several senders one of them would always have something in the store, and all would write to the disk for
    // ever.
    @Test
    void newcomersWaitForMemoryWhenTheStoreIsNearlyRead() throws Exception {
        Mailbox mailbox = new Mailbox("m", new Limits(2, 1000, Duration.ofSeconds(30)));
        mailbox.attach(store);
        for (int i = 0; i < 4; i++) {
            offer(mailbox, other(i));
        }
        mailbox.open(reader);
        List<Delivery> delivered = new CopyOnWriteArrayList<>();
        Thread sender = new Thread(() -> {
            mailbox.awaitRoom(other(4));
            delivered.add(mailbox.offer(other(4)).settle());
        });
        sender.start();
        while (sender.getState() != Thread.State.TIMED_WAITING && sender.isAlive()) {
            Thread.onSpinWait();
        }

        List<String> got = new ArrayList<>(readOpen(mailbox, 4));
        sender.join(Duration.ofSeconds(20).toMillis());

        assertThat(delivered).containsExactly(Delivery.ACCEPTED);
        got.addAll(readOpen(mailbox, 1));
        assertThat(got).isEqualTo(numbers(0, 5));
    }

    @Test
    void statusReplacesAnOlderOneOfTheSameResourceInItsPlace() throws Exception {
        Mailbox mailbox = mailbox(2, 1000);
        offer(mailbox, status("default/podpatch/a", 1));
        offer(mailbox, other(2));

        assertThat(offer(mailbox, status("default/podpatch/a", 3))).isEqualTo(Delivery.COALESCED);

        assertThat(read(mailbox, 2)).containsExactly("3", "2");
        assertThat(mailbox.figures()).isEqualTo(new Mailbox.Figures(0, 0, 3, 1, 0));
    }

    @Test
    void statusReplacesAnOlderOneInTheStore() throws Exception {
        Mailbox mailbox = mailbox(1, 1000);
        offer(mailbox, other(0));
        assertThat(offer(mailbox, status("default/podstatus/a", 1))).isEqualTo(Delivery.SPILLED);
        assertThat(offer(mailbox, status("default/podstatus/b", 2))).isEqualTo(Delivery.SPILLED);

        assertThat(offer(mailbox, status("default/podstatus/a", 3))).isEqualTo(Delivery.COALESCED);

        assertThat(read(mailbox, 3)).containsExactly("0", "3", "2");
        assertThat(store.count("mailbox", "")).isZero();
    }

    @Test
    void answerAboutAStatusIsNoStatus() {
        Mailbox mailbox = mailbox(1, 1000);
        Message update = status("default/podpatch/a", 1);
        offer(mailbox, update.reply(Content.OK));

        assertThat(offer(mailbox, update.reply(Content.OK))).isEqualTo(Delivery.SPILLED);
    }

    @Test
    void requestIsRefusedAtOnceWhenThereIsNoRoom() {
        Mailbox mailbox = mailbox(1, 1000);
        offer(mailbox, other(0));

        Message request = other(1);
        assertThat(offer(mailbox, request.withHeader(request.header().withSync(true))))
                .isEqualTo(Delivery.REFUSED);
        assertThat(mailbox.figures().refused()).isEqualTo(1);
    }

    @Test
    void quotaLimitsWhatIsSpilled() {
        Mailbox mailbox = mailbox(1, 2);

        List<Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            deliveries.add(offer(mailbox, other(i)));
        }

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED, Delivery.SPILLED, Delivery.SPILLED, Delivery.REFUSED);
    }

    @Test
    void withoutAStoreTheSenderKeepsWhatFindsNoRoom() {
        Mailbox mailbox = new Mailbox("m", new Limits(1, 1000, Duration.ZERO));
        offer(mailbox, other(0));

        assertThat(offer(mailbox, other(1))).isEqualTo(Delivery.REFUSED);
    }

    @Test
    void fullDiskMeansRefusedAndNothingIsMissedLater() throws Exception {
        Mailbox mailbox = mailbox(1, 1000);
        offer(mailbox, other(0));
        store.failWrites(true);
        assertThat(offer(mailbox, other(1))).isEqualTo(Delivery.REFUSED);
        store.failWrites(false);

        assertThat(offer(mailbox, other(2))).isEqualTo(Delivery.SPILLED);

        assertThat(read(mailbox, 2)).containsExactly("0", "2");
    }

    @Test
    void spilledMessagesSurviveTheProcess() throws Exception {
        Mailbox before = mailbox(2, 1000);
        for (int i = 0; i < 200; i++) {
            offer(before, other(i));
        }

        // kill -9: what was in memory is gone, what was spilled is not.
        Mailbox after = mailbox(2, 1000);
        for (int i = 200; i < 210; i++) {
            assertThat(offer(after, other(i))).isEqualTo(Delivery.SPILLED);
        }

        assertThat(read(after, 208)).isEqualTo(numbers(2, 210));
    }

    @Test
    void treatedMessagesLeaveTheStore() throws Exception {
        Mailbox mailbox = mailbox(1, 1000);
        for (int i = 0; i < 100; i++) {
            offer(mailbox, other(i));
        }

        read(mailbox, 100);

        assertThat(store.count("mailbox", "")).isZero();
    }

    @Test
    void messageInWorkWhenTheProcessDiesIsDeliveredAgain() throws Exception {
        Mailbox before = mailbox(1, 1000);
        offer(before, other(0));
        offer(before, other(1));
        before.open(reader);
        readOpen(before, 1);
        assertThat(number(before.take(reader))).isEqualTo("1");

        assertThat(read(mailbox(1, 1000), 1)).containsExactly("1");
    }

    @Test
    void savedMailboxIsFoundInOrderByTheNextBus() throws Exception {
        Mailbox before = mailbox(5, 1000);
        for (int i = 0; i < 100; i++) {
            offer(before, other(i));
        }
        before.open(reader);
        // Three from memory and some of the page read from the store.
        List<String> got = new ArrayList<>(readOpen(before, 30));
        before.close(reader);

        assertThat(before.save()).isEmpty();

        got.addAll(read(mailbox(5, 1000), 70));
        assertThat(got).isEqualTo(numbers(0, 100));
    }

    @Test
    void savingTwiceInARowKeepsTheOrder() throws Exception {
        Mailbox first = mailbox(10, 1000);
        for (int i = 0; i < 10; i++) {
            offer(first, other(i));
        }
        first.save();
        Mailbox second = mailbox(10, 1000);
        offer(second, other(10));
        second.open(reader);
        List<String> got = new ArrayList<>(readOpen(second, 2));
        second.close(reader);
        second.save();

        got.addAll(read(mailbox(10, 1000), 9));
        assertThat(got).isEqualTo(numbers(0, 11));
    }

    // At boot a module may be sent to before the store is there.
    @Test
    void whatTheStoreBringsIsOlderThanWhatIsInMemory() throws Exception {
        Mailbox before = mailbox(1, 1000);
        for (int i = 0; i < 151; i++) {
            offer(before, other(i));
        }
        Mailbox after = new Mailbox("m", new Limits(10, 1000, Duration.ZERO));
        offer(after, other(151));
        offer(after, other(152));

        after.attach(store);
        offer(after, other(153));

        assertThat(read(after, 153)).isEqualTo(numbers(1, 154));
    }

    @Test
    void senderWaitsAMomentForRoomBeforeTheStoreIsUsed() throws Exception {
        Mailbox mailbox = new Mailbox("m", new Limits(1, 1000, Duration.ofSeconds(30)));
        mailbox.attach(store);
        CountDownLatch open = new CountDownLatch(1);
        List<String> got = new ArrayList<>();
        Thread slow = new Thread(() -> {
            mailbox.open(reader);
            open.countDown();
            try {
                got.addAll(readOpen(mailbox, 50));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        slow.start();
        open.await();

        for (int i = 0; i < 50; i++) {
            Message message = other(i);
            mailbox.awaitRoom(message);
            assertThat(offer(mailbox, message)).isEqualTo(Delivery.ACCEPTED);
        }

        slow.join();
        assertThat(got).isEqualTo(numbers(0, 50));
    }

    @Test
    void discardedMailboxLeavesNothing() {
        Mailbox mailbox = mailbox(2, 1000);
        for (int i = 0; i < 10; i++) {
            offer(mailbox, other(i));
        }

        assertThat(mailbox.discard()).isEqualTo(10);

        assertThat(store.count("mailbox", "")).isZero();
        assertThat(mailbox.figures().queued()).isZero();
    }

    @Test
    void concurrentSendersAndAReaderLoseNothing() throws Exception {
        Mailbox mailbox = mailbox(8, 100_000);
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int sender = t;
            senders.add(new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    offer(mailbox, other(sender * 1000 + i));
                }
            }));
        }
        senders.forEach(Thread::start);

        List<String> got = read(mailbox, 2000);

        for (int t = 0; t < 4; t++) {
            int sender = t;
            assertThat(got.stream()
                            .filter(n -> Integer.parseInt(n) / 1000 == sender)
                            .toList())
                    .isEqualTo(numbers(sender * 1000, sender * 1000 + 500));
        }
    }

    private Mailbox mailbox(int size, long quota) {
        Mailbox mailbox = new Mailbox("m", new Limits(size, quota, Duration.ZERO));
        mailbox.attach(store);
        return mailbox;
    }

    private static Delivery offer(Mailbox mailbox, Message message) {
        return mailbox.offer(message).settle();
    }

    private List<String> read(Mailbox mailbox, int count) throws InterruptedException {
        mailbox.open(reader);
        List<String> got = readOpen(mailbox, count);
        // Closed only when the reader has nothing left to do, the documents of what it read included.
        Thread self = Thread.currentThread();
        Thread closer = new Thread(() -> {
            while (self.getState() != Thread.State.WAITING) {
                LockSupport.parkNanos(100_000);
            }
            mailbox.close(reader);
        });
        closer.start();
        assertThat(mailbox.take(reader)).isNull();
        closer.join();
        return got;
    }

    private List<String> readOpen(Mailbox mailbox, int count) throws InterruptedException {
        List<String> got = new ArrayList<>();
        while (got.size() < count) {
            got.add(number(mailbox.take(reader)));
        }
        return got;
    }

    private static String number(Item item) {
        return ((Item.Letter) item).message().content().json();
    }

    private static List<String> numbers(int from, int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            numbers.add(String.valueOf(i));
        }
        return numbers;
    }

    private static Message other(int number) {
        return message("default/event/e", number);
    }

    private static Message status(String resource, int number) {
        return message(resource, number);
    }

    private static Message message(String resource, int number) {
        return Message.of(
                Route.of("test", "meta", Operation.PATCH, resource), new Content.Json(String.valueOf(number)));
    }
}
