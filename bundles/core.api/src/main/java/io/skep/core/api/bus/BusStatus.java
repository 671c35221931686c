package io.skep.core.api.bus;

import java.util.List;
import java.util.Map;

/**
 * The bus at one moment.
 *
 * @param mailboxes every mailbox, by module name
 * @param losses messages that reached nobody since the process started, by class; an absent class is zero
 */
public record BusStatus(List<Mailbox> mailboxes, Map<String, Long> losses) {

    public BusStatus {
        mailboxes = List.copyOf(mailboxes);
        losses = Map.copyOf(losses);
    }

    /**
     * One module's mailbox.
     *
     * @param module name of the module
     * @param groups the groups it belongs to
     * @param queued messages waiting in memory
     * @param spilled messages waiting in the store
     * @param received messages taken in since the process started
     * @param coalesced messages that replaced an older one
     * @param refused messages not taken for want of room
     */
    public record Mailbox(
            String module,
            List<String> groups,
            long queued,
            long spilled,
            long received,
            long coalesced,
            long refused) {

        public Mailbox {
            groups = List.copyOf(groups);
        }
    }
}
