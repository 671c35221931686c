package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.SyncRecords.Subject;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.ResourceVersions;
import java.time.Duration;
import java.time.Instant;

/** One object on its way to a node, or the version of it the node has; a mutable part of {@link AckQueue}, which owns it. */
final class AckEntry {

    private static final Duration FIRST_REST = Duration.ofMillis(5);
    private static final Duration LONGEST_REST = Duration.ofSeconds(1000);

    /** Where it is. */
    enum State {
        /** Acknowledged; only its version is remembered. */
        IDLE,
        /** In the queue, its record not looked up yet. */
        CHECKING,
        /** In the queue. */
        READY,
        UNDER_WAY,
        /** Sent in vain many times; waits for its next round. */
        RESTING
    }

    final String key;
    State state = State.IDLE;
    Message message;
    Subject subject;
    String version;
    int tries;
    Instant sent;
    private boolean delete;
    private int rounds;
    private AckEntry next;

    AckEntry(Message message, Subject subject) {
        this(keyOf(message, subject), message, subject);
    }

    private AckEntry(String key, Message message, Subject subject) {
        this.key = key;
        take(message, subject);
    }

    /** An object has one entry; an answer has one beside it, or its asker would wait in vain. */
    static String keyOf(Message message, Subject subject) {
        boolean reply = Operation.RESPONSE.equals(message.route().operation());
        return reply ? "reply/" + message.parentId() : subject.head().uid();
    }

    /** A newer state takes the place of the one that is here. */
    void take(Message newMessage, Subject newSubject) {
        message = newMessage;
        subject = newSubject;
        version = newMessage.header().resourceVersion();
        delete = isDelete(newMessage, newSubject);
        tries = 0;
    }

    /** A newer state goes when the one under way is through. */
    void follow(Message newMessage, Subject newSubject) {
        next = new AckEntry(key, newMessage, newSubject);
    }

    boolean isFollowed() {
        return next != null;
    }

    /** The state that follows, if any, becomes this one. */
    boolean takeNext() {
        if (next == null) {
            return false;
        }
        take(next.message, next.subject);
        next = null;
        return true;
    }

    /** Whether {@code newer} is worth sending after what is here: nothing comes after a delete. */
    boolean isOutdatedBy(Message newer) {
        AckEntry newest = next == null ? this : next;
        return !newest.delete && ResourceVersions.isLater(newer.header().resourceVersion(), newest.version);
    }

    /** Whether it ends the object on the node. */
    boolean isDelete() {
        return delete;
    }

    static boolean isDelete(Message message, Subject subject) {
        return Operation.DELETE.equals(message.route().operation())
                || subject.head().deleting();
    }

    /** Whether it was sent at {@code late} or before, and not acknowledged since. */
    boolean isOverdue(Instant late) {
        return state == State.UNDER_WAY && !sent.isAfter(late);
    }

    /** How long it rests before its next round: longer from round to round. */
    Duration rest() {
        Duration pause = FIRST_REST.multipliedBy(1L << Math.min(rounds++, 30));
        return pause.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : pause;
    }

    /** It came through. */
    void arrived() {
        rounds = 0;
    }

    /** Whether its record is to say that it came through. */
    boolean isRecorded() {
        return "resource".equals(message.route().group())
                && !subject.head().uid().isEmpty();
    }

    /** Whether its version need not be remembered: an answer, or an object that is no more. */
    boolean isPassing() {
        String operation = message.route().operation();
        return Operation.RESPONSE.equals(operation) || Operation.DELETE.equals(operation);
    }

    /** Only the version is kept. */
    void idle() {
        state = State.IDLE;
        message = null;
        subject = null;
    }
}
