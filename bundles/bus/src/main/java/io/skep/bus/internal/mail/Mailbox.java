package io.skep.bus.internal.mail;

import io.skep.bus.internal.mail.Contents.Errand;
import io.skep.bus.internal.mail.Contents.Forgotten;
import io.skep.bus.internal.mail.Contents.Remainder;
import io.skep.bus.internal.mail.Contents.Write;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one module: messages and tasks, in order, bounded in memory, with an overflow in the store. It belongs to
 * the bus and outlives the module's service; at most one reader has it open at a time.
 *
 * <p>Thread-safe. The one lock here guards {@link Contents}, {@link Room} and {@link Reading} with all that is in them; it is
 * never held while the store is called.
 */
public final class Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    /** The counters at one moment, as in {@code BusStatus.Mailbox}. */
    public record Figures(long queued, long spilled, long received, long coalesced, long refused) {}

    private final String module;
    private final Limits limits;
    private final StoredMail mail;
    private final ReentrantLock lock = new ReentrantLock();
    private final Contents contents;
    private final Room room;
    private final Reading reading;

    /** An empty, closed mailbox without a store. */
    public Mailbox(String module, Limits limits) {
        this.module = module;
        this.limits = limits;
        this.mail = new StoredMail(module);
        this.contents = new Contents(limits, new Spill(module, mail), this::write);
        this.room = new Room(lock, contents);
        this.reading = new Reading(lock, contents);
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
        StoredMail.Found found;
        try {
            found = mail.inspect(store);
        } catch (RuntimeException e) {
            LOG.warn("store not used for waiting messages: module={} reason={}", module, e.getMessage());
            return;
        }
        guarded(() -> {
            contents.attach(found);
            room.look();
            reading.wakeAll();
        });
        if (found.count() > 0) {
            LOG.info("messages wait in the store: module={} count={}", module, found.count());
        }
    }

    /** Stops using {@code store}; what is in it stays there. */
    public void detach(DocumentStore store) {
        guarded(() -> contents.detach(store));
    }

    // ---- the senders' side

    /**
     * Waits, for the patience of the limits at most, until there is room in memory. Returns at once when that makes no
     * sense: nobody reads, the caller is the reader, or {@code message} would not go to the store.
     *
     * <p>Where only little is left to read from the store, it waits for that, too: a newcomer has to queue up behind it, on
     * the disk, and with a few senders there would always be one that does, long after the reason has passed.
     */
    public void awaitRoom(Message message) {
        if (!room.isScarce() || MessageClass.of(message) != MessageClass.OTHER) {
            return;
        }
        lock.lock();
        try {
            room.await(limits.patience(), reading::goesOn);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Takes {@code message} in as far as that goes without the store. Never blocks; the caller settles the rest. */
    public Intake offer(Message message) {
        lock.lock();
        try {
            Intake intake = contents.offer(message);
            room.look();
            if (intake == Intake.ACCEPTED) {
                reading.wake();
            }
            return intake;
        } finally {
            lock.unlock();
        }
    }

    private Delivery write(Write write) {
        Delivery outcome = stored(write) ? write.success() : Delivery.REFUSED;
        guarded(() -> {
            contents.written(write, outcome);
            room.look();
            reading.wake();
        });
        return outcome;
    }

    private boolean stored(Write write) {
        try {
            mail.write(write.store(), write.number(), write.message());
            return true;
        } catch (RuntimeException e) {
            String id = write.message().id();
            LOG.debug("cannot spill: module={} msg={} reason={}", module, id, e.getMessage());
            return false;
        }
    }

    /** Puts a task behind what is waiting in memory. */
    public void post(Item.Task task) {
        guarded(() -> {
            contents.add(task);
            reading.wake();
        });
    }

    // ---- the reader's side

    /** Makes {@code who} the reader, on the calling thread. A reader before it gets nothing more. */
    public void open(Object who) {
        open(who, false);
    }

    /** As {@link #open(Object)}; with {@code hold}, messages wait and only tasks are taken until {@link #release}. */
    public void open(Object who, boolean hold) {
        guarded(() -> reading.open(who, hold));
    }

    /** Lets messages flow to {@code who}, if it is the reader. Any thread. */
    public void release(Object who) {
        guarded(() -> reading.release(who));
    }

    /** Ends reading by {@code who}: its {@link #take} returns {@code null}. What waits stays. Any thread. */
    public void close(Object who) {
        guarded(() -> {
            reading.close(who);
            room.release();
        });
    }

    /** Whether the calling thread is the one that reads it. */
    public boolean isReadByCaller() {
        return guarded(reading::isByCaller);
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
                contents.finishTaken();
                reading.await(who);
                if (!reading.isBy(who)) {
                    return null;
                }
                if (reading.isHeld() || !contents.errandDue()) {
                    Item item = contents.poll(reading.isHeld());
                    room.look();
                    return item;
                }
                errand = contents.beginErrand();
            } finally {
                lock.unlock();
            }
            run(errand);
        }
    }

    private void run(Errand errand) {
        Optional<List<Document>> page = page(errand);
        guarded(() -> {
            page.ifPresentOrElse(documents -> contents.done(errand, documents), () -> contents.failed(errand));
            room.look();
        });
    }

    private Optional<List<Document>> page(Errand errand) {
        try {
            mail.delete(errand.store(), errand.finished());
            return Optional.of(errand.load() ? mail.read(errand.store(), errand.from()) : List.of());
        } catch (RuntimeException e) {
            LOG.warn("cannot read spilled messages, retrying: module={} reason={}", module, e.getMessage());
            return Optional.empty();
        }
    }

    /** Takes the tasks of {@code owner} out and leaves everything else. */
    public List<Item.Task> removeTasks(Object owner) {
        return guarded(() -> contents.removeTasks(owner));
    }

    // ---- the end

    /**
     * Writes what is in memory to the store, in front of what is there already, so that the next process or the next bus
     * finds it; requests are left out, since their waiters end with this bus. Only for a closed mailbox.
     *
     * @return messages that could not be saved, in order
     */
    public List<Message> save() {
        Remainder rest = guarded(() -> {
            Remainder drained = contents.drain();
            room.look();
            return drained;
        });
        if (rest.changes().isEmpty()) {
            return rest.unstored();
        }
        try {
            rest.store().write(rest.changes());
            return List.of();
        } catch (RuntimeException e) {
            LOG.error(
                    "cannot save waiting messages: module={} count={}",
                    module,
                    rest.unstored().size(),
                    e);
            return rest.unstored();
        }
    }

    /**
     * Empties the mailbox for good; blocks on the disk.
     *
     * @return how many messages it held
     */
    public long discard() {
        Forgotten gone = guarded(() -> {
            Forgotten all = contents.forget();
            room.look();
            room.release();
            return all;
        });
        return gone.messages() + (gone.store() == null ? 0 : mail.discard(gone.store()));
    }

    /** The counters now. */
    public Figures figures() {
        return guarded(contents::figures);
    }

    private void guarded(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T guarded(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }
}
