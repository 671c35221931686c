package io.skep.bus.internal.mail;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What is in one mailbox, in memory and in the store, and what that means: what becomes of a message that comes, and what
 * is next to be taken. It waits for nothing and never calls the store; what has to be done there it hands out as a
 * {@link Write} or an {@link Errand}. Guarded by the mailbox's lock.
 */
final class Contents {

    static final long STORE_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * A message that is to be stored.
     *
     * @param success what its sender hears when that worked
     */
    record Write(DocumentStore store, long number, Message message, Delivery success) {}

    /**
     * What the reader has to do in the store before it can go on.
     *
     * @param finished numbers of the documents to delete
     * @param load whether the page after {@code from} is to be read
     */
    record Errand(DocumentStore store, List<Long> finished, boolean load, long from) {}

    /**
     * What is to be saved when the mailbox ends.
     *
     * @param unstored messages the store does not have as they are
     */
    record Remainder(DocumentStore store, List<Change> changes, List<Message> unstored) {}

    /**
     * What was forgotten for good; what is in the store is still to be deleted.
     *
     * @param messages how many were in memory alone
     */
    record Forgotten(DocumentStore store, long messages) {}

    private final Limits limits;
    private final Spill spill;
    private final Function<Write, Delivery> writer;
    private final Waiting waiting = new Waiting();
    private long takenNumber = Spill.NONE;
    private long storeRetryAt;
    private long received;
    private long coalesced;
    private long refused;

    /** {@code writer} does what is to be done in the store for a message, when its intake is settled. */
    Contents(Limits limits, Spill spill, Function<Write, Delivery> writer) {
        this.limits = limits;
        this.spill = spill;
        this.writer = writer;
    }

    void attach(StoredMail.Found found) {
        spill.attach(found, waiting.messages() > 0);
    }

    void detach(DocumentStore store) {
        spill.detach(store);
    }

    Mailbox.Figures figures() {
        return new Mailbox.Figures(waiting.messages(), spill.count(), received, coalesced, refused);
    }

    // ---- what comes

    /** Whether a newcomer finds no room in memory, or must queue up behind what is in the store. */
    boolean crowded() {
        return waiting.messages() >= limits.size() || spill.holding();
    }

    /** Whether newcomers must queue up in the store. */
    boolean spilling() {
        return spill.holding();
    }

    /** Whether it is worth a moment's waiting, because a reader at work makes room soon. */
    boolean roomMayCome() {
        return spill.holding() ? spill.nearlyRead() : waiting.messages() >= limits.size();
    }

    /** Takes a message in, as far as that goes without the store. */
    Intake offer(Message message) {
        if (!crowded()) {
            waiting.add(new Item.Letter(message, Spill.NONE));
            count(Delivery.ACCEPTED);
            return Intake.ACCEPTED;
        }
        return switch (MessageClass.of(message)) {
            case REQUEST -> refuse();
            case STATUS -> coalesce(message);
            case OTHER -> spillOver(message);
        };
    }

    private Intake refuse() {
        count(Delivery.REFUSED);
        return Intake.REFUSED;
    }

    private Intake coalesce(Message message) {
        if (waiting.replace(message)) {
            count(Delivery.COALESCED);
            return Intake.COALESCED;
        }
        DocumentStore store = spill.store();
        long number = store == null ? Spill.NONE : spill.reserveReplacement(message);
        return number == Spill.NONE
                ? spillOver(message)
                : new Intake(() -> writer.apply(new Write(store, number, message, Delivery.COALESCED)));
    }

    private Intake spillOver(Message message) {
        DocumentStore store = spill.store();
        if (store == null || spill.count() >= limits.quota()) {
            return refuse();
        }
        long number = spill.reserve(message);
        return new Intake(() -> writer.apply(new Write(store, number, message, Delivery.SPILLED)));
    }

    /** A write ended so. */
    void written(Write write, Delivery outcome) {
        // A status that could not replace an older one leaves that one there.
        boolean lost = outcome == Delivery.REFUSED && write.success() == Delivery.SPILLED;
        spill.end(write.number(), lost);
        count(outcome);
    }

    private void count(Delivery outcome) {
        received += outcome.taken() ? 1 : 0;
        coalesced += outcome == Delivery.COALESCED ? 1 : 0;
        refused += outcome == Delivery.REFUSED ? 1 : 0;
    }

    void add(Item.Task task) {
        waiting.add(task);
    }

    List<Item.Task> removeTasks(Object owner) {
        return waiting.removeTasks(owner);
    }

    // ---- what is taken

    /** Whether a reader has nothing to do: {@code held}, only tasks count. */
    boolean idle(boolean held) {
        return held ? !waiting.hasTask() : waiting.isEmpty() && !errandDue();
    }

    /** Whether an errand has to be run before the next message may be taken. */
    boolean errandDue() {
        return spill.inUse()
                && (loadDue() || spill.tidyDue(waiting.isEmpty()))
                && System.nanoTime() - storeRetryAt >= 0;
    }

    /** Whether an idle reader must look again by itself, for the sake of the store. */
    boolean storeInUse() {
        return spill.inUse();
    }

    private boolean loadDue() {
        return spill.due(waiting.isEmpty(), waiting.pageIsDone());
    }

    /** Begins the errand that is due. */
    Errand beginErrand() {
        boolean load = loadDue();
        return new Errand(spill.store(), spill.takeFinished(), load, load ? spill.claim() : Spill.NONE);
    }

    /** It is done; {@code page} is what was read. */
    void done(Errand errand, List<Document> page) {
        if (errand.load()) {
            waiting.putInFront(spill.took(page, errand.from()));
        }
    }

    /** It failed and becomes due again after a pause. */
    void failed(Errand errand) {
        storeRetryAt = System.nanoTime() + STORE_RETRY_NANOS;
        spill.undo(errand.finished(), errand.from());
    }

    /** What was taken last was treated. */
    void finishTaken() {
        if (takenNumber != Spill.NONE) {
            spill.finished(takenNumber);
            takenNumber = Spill.NONE;
        }
    }

    /** Takes the next item out; {@code held}, the next task, past messages. */
    Item poll(boolean held) {
        Item item = held ? waiting.pollTask() : waiting.poll();
        if (item instanceof Item.Letter letter) {
            takenNumber = letter.number();
        }
        return item;
    }

    // ---- the end

    /** Empties the memory; requests are left out, since their waiters end with this bus. */
    Remainder drain() {
        finishTaken();
        List<Item.Letter> letters = waiting.letters();
        letters.removeIf(l -> MessageClass.of(l.message()) == MessageClass.REQUEST);
        waiting.clear();
        // What has a number is in the store as it is.
        List<Message> unstored = letters.stream()
                .filter(l -> l.number() == Spill.NONE)
                .map(Item.Letter::message)
                .toList();
        DocumentStore store = spill.store();
        return new Remainder(store, store == null ? List.of() : spill.save(letters), unstored);
    }

    /** Forgets everything. */
    Forgotten forget() {
        finishTaken();
        long gone =
                waiting.letters().stream().filter(l -> l.number() == Spill.NONE).count();
        waiting.clear();
        spill.forget();
        return new Forgotten(spill.store(), gone);
    }
}
