package io.skep.bus.internal.mail;

import io.skep.core.api.bus.Delivery;
import java.util.function.Supplier;

/**
 * A mailbox's answer to a message: the outcome, or what is left to do for it. What is left writes to the store, so
 * {@link #settle} is called when no lock is held.
 */
public final class Intake {

    static final Intake ACCEPTED = new Intake(() -> Delivery.ACCEPTED);
    static final Intake COALESCED = new Intake(() -> Delivery.COALESCED);
    static final Intake REFUSED = new Intake(() -> Delivery.REFUSED);

    private final Supplier<Delivery> rest;

    Intake(Supplier<Delivery> rest) {
        this.rest = rest;
    }

    /** Does what is left to do, once; may block on the disk. */
    public Delivery settle() {
        return rest.get();
    }
}
