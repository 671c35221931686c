package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.ResourcePath;
import io.skep.core.api.module.ModuleNames;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Answers questions about resources: from the rows where they are the truth, from the cloud where it is and the row may be
 * old, and from the rows again when the cloud is away.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/process.go} and {@code edge/pkg/metamanager/client}.
 */
final class Queries {

    /** The cloud pushes every change of these once they were asked for: what is here is current. */
    private static final Set<String> PUSHED = Set.of("configmap", "secret");

    /** Only the cloud knows the current state of these. */
    private static final Set<String> REMOTE = Set.of(
            "node",
            "lease",
            "persistentvolume",
            "persistentvolumeclaim",
            "volumeattachment",
            "certificatesigningrequest",
            "ca.crt",
            Tokens.TYPE);

    /** Not worth a disk flush: renewed all the time, useless when old. */
    private static final Set<String> PASSING = Set.of("lease", "certificatesigningrequest");

    private final Rows rows;
    private final Link link;
    private final RemoteCalls remote;
    private final Applications applications;
    private final Outgoing outgoing;
    private final InstantSource clock;
    private final MetaFigures figures;

    Queries(Rows rows, Link link, RemoteCalls remote, Outgoing outgoing, InstantSource clock, MetaFigures figures) {
        this.rows = rows;
        this.link = link;
        this.remote = remote;
        this.applications = new Applications(rows);
        this.outgoing = outgoing;
        this.clock = clock;
        this.figures = figures;
    }

    /** Where the answer to a question of the node is kept. */
    static Optional<String> keptUnder(Message question) {
        String resource = question.route().resource();
        String type = Row.type(resource);
        if (PASSING.contains(type)) {
            return Optional.empty();
        }
        return Optional.of(
                Tokens.TYPE.equals(type)
                        ? Tokens.key(resource, question.content().json())
                        : resource);
    }

    /** Answers, now or later. */
    void answer(Message question) {
        String resource = question.route().resource();
        ResourcePath path = ResourcePath.parse(resource)
                .orElseThrow(() -> new EdgeException(Reason.BAD_REQUEST, "no resource to query: " + resource));
        Optional<String> key = keptUnder(question);
        boolean applied = Applications.treats(path);
        boolean remoteType = REMOTE.contains(path.type()) || applied;
        boolean pushedType = PUSHED.contains(path.type()) && !path.name().isEmpty();
        Optional<String> kept = key.flatMap(rows::value);
        boolean current = kept.isPresent() && (!remoteType || isFreshToken(path, kept.get()));
        if (link.connected() && applied) {
            remote.ask(question, key, applications);
        } else if (link.connected() && !current && (remoteType || pushedType)) {
            remote.ask(question, key);
        } else if (kept.isPresent()) {
            local(question, List.of(kept.get()));
        } else if (path.name().isEmpty() && !remoteType) {
            local(question, rows.values(path.type()));
        } else if (remoteType || pushedType) {
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE, resource + " is not here and the cloud is not connected");
        } else {
            throw new EdgeException(Reason.NOT_FOUND, resource + " is not here");
        }
    }

    private boolean isFreshToken(ResourcePath path, String kept) {
        return Tokens.TYPE.equals(path.type()) && Tokens.isFresh(kept, clock.instant());
    }

    private void local(Message question, List<String> values) {
        figures.local.incrementAndGet();
        outgoing.answer(question, kept(question, values));
    }

    /** KubeEdge's shape of a local answer: a list of texts, signed by MetaManager. */
    static Message kept(Message question, List<String> values) {
        return question.reply(ModuleNames.META_MANAGER, new Content.Json(Json.write(values)));
    }
}
