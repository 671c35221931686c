package io.skep.bus.internal.mail;

import io.skep.core.api.message.Message;

/** What lies in a mailbox. */
public sealed interface Item {

    /** Something the module's thread shall run for {@code owner}; never spilled, not counted against the bound. */
    record Task(Object owner, Runnable work) implements Item {}

    /** A message. Guarded by its mailbox's lock until it is taken out. */
    final class Letter implements Item {
        private Message message;
        private final long number;

        /** A letter that is also document {@code number} of the spill, or in memory alone ({@link Spill#NONE}). */
        Letter(Message message, long number) {
            this.message = message;
            this.number = number;
        }

        /** The message. */
        public Message message() {
            return message;
        }

        long number() {
            return number;
        }

        void replace(Message newer) {
            message = newer;
        }
    }
}
