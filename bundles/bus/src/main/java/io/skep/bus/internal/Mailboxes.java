package io.skep.bus.internal;

import io.skep.bus.internal.Losses.Loss;
import io.skep.bus.internal.host.ModuleHost;
import io.skep.bus.internal.mail.Item;
import io.skep.bus.internal.mail.Mailbox;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Message;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What becomes of mailboxes beside their use by the host: one that the host does not run is read and taken away by anyone,
 * as in beehive; one whose module stays away is dropped; and all are saved at the end. Thread-safe.
 */
final class Mailboxes {

    private final Post post;
    private final ModuleHost host;
    private final Waiters waiters;
    private final Losses losses;

    Mailboxes(Post post, ModuleHost host, Waiters waiters, Losses losses) {
        this.post = post;
        this.host = host;
        this.waiters = waiters;
        this.losses = losses;
    }

    /** See {@link MessageBus#receive}. */
    Message receive(String module) throws InterruptedException {
        if (host.isPresent(module)) {
            throw new EdgeException(Reason.CONFLICT, module + " is a running module; the bus reads for it");
        }
        Mailbox mailbox = post.mailbox(module)
                .orElseThrow(() -> new EdgeException(Reason.NOT_FOUND, "there is no module " + module));
        mailbox.open(this);
        if (post.mailbox(module).orElse(null) == mailbox) {
            Item item = mailbox.take(this);
            if (item instanceof Item.Letter letter) {
                return letter.message();
            }
        }
        throw new EdgeException(Reason.SERVICE_UNAVAILABLE, module + " was removed");
    }

    /** See {@link MessageBus#cleanup}. */
    void cleanup(String module) {
        if (host.isPresent(module)) {
            throw new EdgeException(Reason.CONFLICT, module + " is a running module; stop its bundle instead");
        }
        post.mailbox(module).ifPresent(mailbox -> drop(module));
    }

    /**
     * Takes away all there is of a module, also what only the store has; blocks on the disk.
     *
     * @return how many messages waited for it
     */
    long drop(String module) {
        host.forget(module);
        Mailbox mailbox = post.open(module); // what only the store has gets one to go with
        post.remove(module);
        mailbox.close(this);
        waiters.failAll(module, Reason.SERVICE_UNAVAILABLE, module + " was removed");
        long messages = mailbox.discard();
        losses.count(Loss.CLEANED_UP, messages);
        return messages;
    }

    /**
     * Ends all reading and saves what waits in any mailbox, once the host's modules have ended; blocks on the disk.
     *
     * @return by module, the messages that could not be saved
     */
    Map<String, List<Message>> close() {
        Map<String, List<Message>> unsaved = new TreeMap<>();
        for (Mailbox mailbox : post.mailboxes()) {
            mailbox.close(this);
            unsaved.put(mailbox.module(), mailbox.save());
        }
        unsaved.values().removeIf(List::isEmpty);
        return unsaved;
    }
}
