package io.skep.core.api.bus;

/** What became of a message at the moment it was sent. */
public enum Delivery {
    /** In the mailbox, in memory. */
    ACCEPTED,
    /** In the mailbox, in place of an older status of the same resource. */
    COALESCED,
    /** In the mailbox's overflow in the store. */
    SPILLED,
    /** Not taken: the mailbox and its quota are full. The sender still owns it. */
    REFUSED,
    /** Not taken: there is no such module, group or waiter. Counted. */
    DROPPED;

    /** Whether the bus now owns the message. */
    public boolean taken() {
        return this == ACCEPTED || this == COALESCED || this == SPILLED;
    }
}
