package io.skep.bus.internal.mail;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one module: messages and tasks, in order, bounded in memory, with an overflow in the store. It belongs to
 * the bus and outlives the module's service; at most one reader has it open at a time.
 *
 * <p>Thread-safe. The lock is never held while the store is called.
 */
public final class Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    // About ten microseconds; none on one processor, where it would only keep the sender from running.
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 500 : 0;
    private static final long STORE_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The counters at one moment, as in {@code BusStatus.Mailbox}. */
    public record Figures(long queued, long spilled, long received, long coalesced, long refused) {}

    // What the reader has to do in the store before it can go on.
    private record Errand(DocumentStore store, List<Long> finished, boolean load, long from) {}

    private final String module;
    private final Limits limits;
    private final Spill spill;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Waiting waiting = new Waiting();
    private Object reader;
    private Thread readerThread;
    private boolean readerWaits;
    private boolean held;
    private volatile boolean crowded;
    private boolean holding;
    private volatile boolean drained;
    private int senderWaits;
    private long takenNumber = Spill.NONE;
    private long storeRetryAt;
    private long received;
    private long coalesced;
    private long refused;

    /** An empty, closed mailbox without a store. */
    public Mailbox(String module, Limits limits) {
        this.module = module;
        this.limits = limits;
        this.spill = new Spill(module);
    }

    /** Name of the module it belongs to. */
    public String module() {
        return module;
    }

    /**
     * Begins to use {@code store} and finds what an earlier process left there; blocks on the disk. A store that can't
     * tell what is in it is not used: the mailbox then lives in memory alone.
     */
    public void attach(DocumentStore store) {
        Spill.Found found;
        try {
            found = spill.inspect(store);
        } catch (RuntimeException e) {
            LOG.warn("store not used for waiting messages: module={} reason={}", module, e.getMessage());
            return;
        }
        lock.lock();
        try {
            spill.attach(found, waiting.messages() > 0);
            lookForRoom();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        if (found.count() > 0) {
            LOG.info("messages wait in the store: module={} count={}", module, found.count());
        }
    }

    /** Stops using {@code store}; what is in it stays there. */
    public void detach(DocumentStore store) {
        lock.lock();
        try {
            spill.detach(store);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits, for the patience of the limits at most, until there is room in memory. Returns at once when that makes no
     * sense: nobody reads, the caller is the reader, or {@code message} would not go to the store.
     *
     * <p>Where only little is left to read from the store, it waits for that, too: a newcomer has to queue up behind it, on
     * the disk, and with a few senders there would always be one that does, long after the reason has passed.
     */
    public void awaitRoom(Message message) {
        if (!crowded || MessageClass.of(message) != MessageClass.OTHER) {
            return;
        }
        lock.lock();
        senderWaits++;
        try {
            long left = limits.patience().toNanos();
            while (roomMayCome() && reader != null && !held && readerThread != Thread.currentThread() && left > 0) {
                left = room.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            senderWaits--;
            lock.unlock();
        }
    }

    private boolean roomMayCome() {
        return spill.holding() ? spill.nearlyRead() : waiting.messages() >= limits.size();
    }

    /** To be called after each change of what is in memory or in the store. */
    private void lookForRoom() {
        boolean heldBack = holding;
        holding = spill.holding();
        crowded = waiting.messages() >= limits.size() || holding;
        if (senderWaits > 0 && !crowded) {
            if (heldBack) {
                room.signalAll();
            } else {
                room.signal();
            }
        }
    }

    /** Takes {@code message} in as far as that goes without the store. Never blocks; the caller settles the rest. */
    public Intake offer(Message message) {
        lock.lock();
        try {
            if (waiting.messages() < limits.size() && !spill.holding()) {
                received++;
                add(new Item.Letter(message, Spill.NONE));
                return Intake.ACCEPTED;
            }
            return overflow(message);
        } finally {
            lock.unlock();
        }
    }

    private void add(Item.Letter letter) {
        waiting.add(letter);
        lookForRoom();
        wake();
    }

    private void wake() {
        if (drained) {
            drained = false;
        }
        if (readerWaits) {
            arrived.signal();
        }
    }

    private Intake overflow(Message message) {
        return switch (MessageClass.of(message)) {
            case REQUEST -> refuse();
            case STATUS -> coalesce(message);
            case OTHER -> spillOver(message);
        };
    }

    private Intake refuse() {
        refused++;
        return Intake.REFUSED;
    }

    private Intake coalesce(Message message) {
        if (waiting.replace(message)) {
            received++;
            coalesced++;
            return Intake.COALESCED;
        }
        DocumentStore store = spill.store();
        long number = store == null ? Spill.NONE : spill.reserveReplacement(message);
        return number == Spill.NONE
                ? spillOver(message)
                : new Intake(() -> write(store, number, message, Delivery.COALESCED));
    }

    private Intake spillOver(Message message) {
        DocumentStore store = spill.store();
        if (store == null || spill.count() >= limits.quota()) {
            return refuse();
        }
        long number = spill.reserve(message);
        lookForRoom();
        return new Intake(() -> write(store, number, message, Delivery.SPILLED));
    }

    private Delivery write(DocumentStore store, long number, Message message, Delivery success) {
        Delivery outcome = success;
        try {
            spill.write(store, number, message);
        } catch (RuntimeException e) {
            outcome = Delivery.REFUSED;
            LOG.debug("cannot spill: module={} msg={} reason={}", module, message.id(), e.getMessage());
        }
        lock.lock();
        try {
            spill.end(number, outcome == Delivery.REFUSED && success == Delivery.SPILLED);
            received += outcome.taken() ? 1 : 0;
            coalesced += outcome == Delivery.COALESCED ? 1 : 0;
            refused += outcome == Delivery.REFUSED ? 1 : 0;
            lookForRoom();
            wake();
        } finally {
            lock.unlock();
        }
        return outcome;
    }

    /** Puts a task behind what is waiting in memory. */
    public void post(Item.Task task) {
        lock.lock();
        try {
            waiting.add(task);
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Makes {@code who} the reader, on the calling thread. A reader before it gets nothing more. */
    public void open(Object who) {
        open(who, false);
    }

    /** As {@link #open(Object)}; with {@code hold}, messages wait and only tasks are taken until {@link #release}. */
    public void open(Object who, boolean hold) {
        lock.lock();
        try {
            reader = who;
            held = hold;
            readerThread = Thread.currentThread();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets messages flow to {@code who}, if it is the reader. Any thread. */
    public void release(Object who) {
        lock.lock();
        try {
            if (reader == who) {
                held = false;
                drained = false;
                arrived.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends reading by {@code who}: its {@link #take} returns {@code null}. What waits stays. Any thread. */
    public void close(Object who) {
        lock.lock();
        try {
            if (reader == who) {
                reader = null;
                readerThread = null;
            }
            drained = false;
            arrived.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next item, waiting for it; {@code null} when {@code who} is not, or no longer, the reader. What the reader
     * took before counts as treated. Blocks on the disk while there is an overflow.
     */
    public Item take(Object who) throws InterruptedException {
        while (true) {
            Errand errand;
            lock.lockInterruptibly();
            try {
                finishTaken();
                while (reader == who && nothingToTake() && !errandDue()) {
                    lookAgain(who);
                }
                if (reader != who) {
                    return null;
                }
                if (!errandDue()) {
                    return poll();
                }
                boolean load = loadDue();
                errand = new Errand(spill.store(), spill.takeFinished(), load, load ? spill.claim() : Spill.NONE);
            } finally {
                lock.unlock();
            }
            run(errand);
        }
    }

    private void finishTaken() {
        if (takenNumber != Spill.NONE) {
            spill.finished(takenNumber);
            takenNumber = Spill.NONE;
        }
    }

    private boolean nothingToTake() {
        return held ? !waiting.hasTask() : waiting.isEmpty();
    }

    private boolean errandDue() {
        return !held
                && spill.inUse()
                && (loadDue() || spill.tidyDue(waiting.isEmpty()))
                && System.nanoTime() - storeRetryAt >= 0;
    }

    private boolean loadDue() {
        return spill.due(waiting.isEmpty(), waiting.pageIsDone());
    }

    // Waking a thread costs a sender several times what a message costs. In a stream of messages the next one is here
    // in
    // a moment, so the reader looks a little longer before it sleeps.
    private void lookAgain(Object who) throws InterruptedException {
        drained = true;
        lock.unlock();
        try {
            for (int i = 0; i < SPINS && drained; i++) {
                Thread.onSpinWait();
            }
        } finally {
            lock.lock();
        }
        if (drained && reader == who && nothingToTake() && !errandDue()) {
            awaitArrival();
        }
    }

    private void awaitArrival() throws InterruptedException {
        readerWaits = true;
        try {
            if (spill.inUse()) {
                arrived.awaitNanos(STORE_RETRY_NANOS);
            } else {
                arrived.await();
            }
        } finally {
            readerWaits = false;
        }
    }

    private void run(Errand errand) {
        List<Document> page = List.of();
        boolean failed = false;
        try {
            spill.delete(errand.store(), errand.finished());
            if (errand.load()) {
                page = spill.read(errand.store(), errand.from());
            }
        } catch (RuntimeException e) {
            failed = true;
            LOG.warn("cannot read spilled messages, retrying: module={} reason={}", module, e.getMessage());
        }
        lock.lock();
        try {
            if (failed) {
                storeRetryAt = System.nanoTime() + STORE_RETRY_NANOS;
                spill.undo(errand.finished(), errand.from());
            } else if (errand.load()) {
                waiting.putInFront(spill.took(page, errand.from()));
                lookForRoom();
            }
        } finally {
            lock.unlock();
        }
    }

    private Item poll() {
        Item item = held ? waiting.pollTask() : waiting.poll();
        if (item instanceof Item.Letter letter) {
            takenNumber = letter.number();
            lookForRoom();
        }
        return item;
    }

    /** Whether the calling thread is the one that reads it. */
    public boolean isReadByCaller() {
        lock.lock();
        try {
            return readerThread == Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the tasks of {@code owner} out and leaves everything else. */
    public List<Item.Task> removeTasks(Object owner) {
        lock.lock();
        try {
            return waiting.removeTasks(owner);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes what is in memory to the store, in front of what is there already, so that the next process or the next bus
     * finds it; requests are left out, since their waiters end with this bus. Only for a closed mailbox.
     *
     * @return messages that could not be saved, in order
     */
    public List<Message> save() {
        List<Item.Letter> letters;
        List<Change> changes;
        DocumentStore store;
        lock.lock();
        try {
            finishTaken();
            letters = waiting.letters();
            letters.removeIf(l -> MessageClass.of(l.message()) == MessageClass.REQUEST);
            store = spill.store();
            changes = store == null ? List.of() : spill.save(letters);
            empty();
        } finally {
            lock.unlock();
        }
        // What has a number is in the store as it is.
        List<Message> unsaved = letters.stream()
                .filter(l -> l.number() == Spill.NONE)
                .map(Item.Letter::message)
                .toList();
        if (changes.isEmpty()) {
            return unsaved;
        }
        try {
            store.write(changes);
            return List.of();
        } catch (RuntimeException e) {
            LOG.error("cannot save waiting messages: module={} count={}", module, letters.size(), e);
            return unsaved;
        }
    }

    /**
     * Empties the mailbox for good; blocks on the disk.
     *
     * @return how many messages it held
     */
    public long discard() {
        long gone;
        DocumentStore store;
        lock.lock();
        try {
            finishTaken();
            gone = waiting.letters().stream()
                    .filter(l -> l.number() == Spill.NONE)
                    .count();
            empty();
            store = spill.store();
            spill.forget();
            lookForRoom();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        return gone + (store == null ? 0 : spill.discard(store));
    }

    private void empty() {
        waiting.clear();
        holding = spill.holding();
        crowded = holding;
    }

    /** The counters now. */
    public Figures figures() {
        lock.lock();
        try {
            return new Figures(waiting.messages(), spill.count(), received, coalesced, refused);
        } finally {
            lock.unlock();
        }
    }
}
