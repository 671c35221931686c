package io.skep.bus.internal.mail;

import io.skep.core.api.message.Message;
import io.skep.core.api.store.DocumentStore;
import java.util.List;

/** What lies in a store for mailboxes that don't use it yet. All methods block on the disk. */
public final class StoredMail {

    private StoredMail() {}

    /** Puts messages in front of what a module has there. */
    public static void put(DocumentStore store, String module, List<Message> messages) {
        new Spill(module).putInFront(store, messages);
    }

    /** Modules that have messages there. */
    public static List<String> modules(DocumentStore store) {
        return Spill.modulesIn(store);
    }
}
