package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleNames;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node's own modules want the cloud to know or to do: questions with an answer go through at once, news is
 * recorded and left to EdgeHub's outbox. Belongs to the module's thread.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/process.go}; that news waits for the link instead of failing is ours.
 */
final class NodeChanges {

    private static final Logger LOG = LoggerFactory.getLogger(NodeChanges.class);
    private static final String EVENT = "event";

    private final Rows rows;
    private final Commits commits;
    private final Link link;
    private final RemoteCalls remote;
    private final Outgoing outgoing;
    private final MetaFigures figures;

    NodeChanges(Rows rows, Commits commits, Link link, RemoteCalls remote, Outgoing outgoing, MetaFigures figures) {
        this.rows = rows;
        this.commits = commits;
        this.link = link;
        this.remote = remote;
        this.outgoing = outgoing;
        this.figures = figures;
    }

    /** Treats an insert, update, patch or delete. */
    void treat(Message message) {
        String type = Row.type(message.route().resource());
        boolean patch = Operation.PATCH.equals(message.route().operation());
        if (EVENT.equals(type)) {
            outgoing.toGroup(ModuleNames.GROUP_HUB, message);
        } else if (patch) {
            record(message);
        } else if (message.header().sync()) {
            ask(message);
        } else {
            outgoing.toGroup(ModuleNames.GROUP_HUB, message);
        }
    }

    private void ask(Message message) {
        if (!link.connected()) {
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE,
                    "cannot " + message.route().operation() + " "
                            + message.route().resource() + ": the cloud is not connected");
        }
        if (Operation.DELETE.equals(message.route().operation())) {
            // Behind the pod's last status, which is being recorded; and the cloud's own delete decides when a pod is
            // forgotten, not the node's wish.
            commits.await(CompletableFuture.completedFuture(null), written -> remote.ask(message, Optional.empty()));
        } else {
            remote.ask(message, Queries.keptUnder(message));
        }
    }

    /** The status goes up even if it could not be recorded: the outbox keeps it, and the next patch is recorded again. */
    private void record(Message message) {
        Row row = Row.of(message.route().resource(), message);
        Message up = message.withHeader(message.header().withSync(false));
        commits.await(rows.put(row), failure -> {
            if (failure.isPresent()) {
                figures.failures.incrementAndGet();
                rows.forget(List.of(row.key()));
                LOG.debug(
                        "patch not recorded: key={} reason={}",
                        row.key(),
                        failure.get().getMessage());
            } else {
                figures.stored.incrementAndGet();
            }
            outgoing.toGroup(ModuleNames.GROUP_HUB, up);
            if (message.header().sync() && !link.connected()) {
                outgoing.answer(message, message.reply(ModuleNames.META_MANAGER, Content.OK));
            }
        });
    }
}
