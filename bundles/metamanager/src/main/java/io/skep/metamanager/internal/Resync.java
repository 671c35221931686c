package io.skep.metamanager.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.DocumentStore;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills an empty memory again. The cloud keeps book of what the node acknowledged and sends only what is newer; a node
 * whose database was lost must say so. It asks for {@code default/podlist} until the cloud once agreed, and notes that
 * beside the rows: a lost database has lost the note too. EdgeHub asks no cloud that does not know the question, as
 * KubeEdge's: that one sends what changes.
 */
final class Resync {

    static final String COLLECTION = "metamanager";
    static final String COMPLETE = "complete";
    static final String RESOURCE = "default/podlist";

    private static final Logger LOG = LoggerFactory.getLogger(Resync.class);

    private final ModuleContext context;
    private final DocumentStore store;
    private final Duration timeout;
    private boolean needed;

    Resync(ModuleContext context, DocumentStore store, Duration timeout) {
        this.context = context;
        this.store = store;
        this.timeout = timeout;
        this.needed = store.get(COLLECTION, COMPLETE).isEmpty();
    }

    /** Asks if need be; to be called once whenever the link comes up, since what was asked before may be lost with the last. */
    void ask() {
        if (!needed) {
            return;
        }
        Route route = Route.of(ModuleNames.META_MANAGER, ModuleNames.GROUP_META, Operation.QUERY, RESOURCE);
        context.bus()
                .request(ModuleNames.EDGE_HUB, Message.of(route, Content.EMPTY), timeout)
                .whenComplete((reply, failure) -> context.execute(() -> ended(failure == null && !reply.isError())));
    }

    private void ended(boolean agreed) {
        if (!agreed) {
            LOG.debug("cloud did not agree to send everything again");
            return;
        }
        needed = false;
        LOG.info("cloud sends everything again, the memory was empty");
        store.submit(List.of(Change.put(COLLECTION, COMPLETE, DocumentStore.ANY, "true")))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.debug("not noted, asked again after the next start: reason={}", failure.getMessage());
                    }
                });
    }
}
