package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.DocumentStore;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MetaManager between one start and the next stop: its parts put together, and who treats which message. */
final class MetaSession {

    private static final Logger LOG = LoggerFactory.getLogger(MetaSession.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(3);
    private static final String SUMMARY = "meta";

    /** Modules of this node; whoever else sends is in the cloud. */
    private static final Set<String> OF_THE_NODE = Set.of(
            ModuleNames.EDGED,
            ModuleNames.META_MANAGER,
            ModuleNames.META_SERVER,
            ModuleNames.DEVICE_TWIN,
            ModuleNames.EVENT_BUS,
            ModuleNames.SERVICE_BUS,
            ModuleNames.EDGE_STREAM,
            "shell");

    private final ModuleContext context;
    private final Rows rows;
    private final Link link = new Link();
    private final Commits commits;
    private final Outgoing outgoing;
    private final RemoteCalls remote;
    private final Queries queries;
    private final CloudChanges cloudChanges;
    private final NodeChanges nodeChanges;
    private final Resync resync;
    private final MetaFigures figures;

    MetaSession(
            ModuleContext context, DocumentStore store, Rows rows, MetaManagerSettings settings, MetaFigures figures) {
        this.context = context;
        this.rows = rows;
        this.figures = figures;
        this.commits = new Commits(context);
        this.outgoing = new Outgoing(context, settings.forwardRetry(), figures);
        this.remote = new RemoteCalls(context, settings.remoteQueryTimeout(), rows, commits, outgoing, figures);
        this.queries = new Queries(rows, link, remote, outgoing, context.clock(), figures);
        this.cloudChanges = new CloudChanges(rows, commits, outgoing, figures);
        this.resync = new Resync(context, store, settings.remoteQueryTimeout());
        this.nodeChanges = new NodeChanges(rows, commits, link, remote, outgoing, figures);
    }

    void start(Handover handover) {
        Leftovers left = Leftovers.of(handover);
        outgoing.resume(left.unsent());
        link.ask(context, this::linkChanged);
        left.unanswered().forEach(this::receive);
    }

    /** Ends writes under way with all that follows from them, and packs what is left. */
    Handover stop() {
        commits.settle(LONGEST_STOP);
        return new Leftovers(outgoing.unsent(), remote.unanswered()).handover();
    }

    boolean connected() {
        return link.connected();
    }

    private void linkChanged() {
        if (link.connected()) {
            resync.ask();
        } else {
            remote.giveBack().forEach(this::receive);
        }
    }

    void receive(Message message) {
        try {
            dispatch(message);
        } catch (EdgeException e) {
            refused(message, e);
        }
    }

    private void dispatch(Message message) {
        String operation = message.route().operation();
        if (Operation.CONNECT.equals(operation)) {
            link.told(message, this::linkChanged);
        } else if (Operation.QUERY.equals(operation)) {
            query(message);
        } else if (isOfTheNode(message) && treatsForNode(operation)) {
            nodeChanges.treat(message);
        } else if (!isOfTheNode(message) && CloudChanges.treats(operation)) {
            treatForCloud(message);
        } else {
            throw new EdgeException(
                    Reason.BAD_REQUEST,
                    "metamanager cannot " + operation + " " + message.route().resource());
        }
    }

    private static boolean isOfTheNode(Message message) {
        return OF_THE_NODE.contains(message.route().source());
    }

    private static boolean treatsForNode(String operation) {
        return Operation.INSERT.equals(operation)
                || Operation.UPDATE.equals(operation)
                || Operation.PATCH.equals(operation)
                || Operation.DELETE.equals(operation);
    }

    private void query(Message message) {
        if (SUMMARY.equals(message.route().resource())) {
            outgoing.answer(message, message.reply(ModuleNames.META_MANAGER, summary()));
        } else {
            queries.answer(message);
        }
    }

    private void treatForCloud(Message message) {
        switch (message.route().operation()) {
            case Operation.DELETE -> cloudChanges.delete(message);
            case Operation.RESPONSE -> cloudChanges.lateAnswer(message);
            default -> cloudChanges.put(message);
        }
    }

    private Content summary() {
        return new MetaSummary(
                        rows.countByType(),
                        link.connected(),
                        commits.size(),
                        outgoing.unsent().size(),
                        figures)
                .content();
    }

    private void refused(Message message, EdgeException why) {
        figures.unknown.incrementAndGet();
        LOG.debug("refused: msg={} route={} reason={}", message.id(), message.route(), why.getMessage());
        if (message.header().sync()) {
            context.bus().sendResp(message.error(ModuleNames.META_MANAGER, why));
        } else if (isOfTheNode(message)) {
            if (Operation.QUERY.equals(message.route().operation())) {
                outgoing.answer(message, message.error(ModuleNames.META_MANAGER, why));
            }
        } else {
            outgoing.refuse(message, why);
        }
    }
}
