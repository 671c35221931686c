package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Questions that only the cloud can answer. The same question asked again while it is under way is not sent again: all
 * askers get the one answer. Belongs to the module's thread.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/process.go}, {@code processRemote}.
 */
final class RemoteCalls {

    private final ModuleContext context;
    private final Duration timeout;
    private final Rows rows;
    private final Commits commits;
    private final Outgoing outgoing;
    private final MetaFigures figures;
    private final Map<String, List<Message>> asking = new LinkedHashMap<>();

    RemoteCalls(
            ModuleContext context,
            Duration timeout,
            Rows rows,
            Commits commits,
            Outgoing outgoing,
            MetaFigures figures) {
        this.context = context;
        this.timeout = timeout;
        this.rows = rows;
        this.commits = commits;
        this.outgoing = outgoing;
        this.figures = figures;
    }

    /**
     * Asks the cloud and answers the asker, now or later.
     *
     * @param key where a good answer is kept, or empty when it is not worth keeping
     */
    void ask(Message asker, Optional<String> key) {
        boolean question = Operation.QUERY.equals(asker.route().operation());
        String id = question ? asker.route() + " " + asker.content().json() : asker.id();
        List<Message> askers = asking.get(id);
        if (askers != null) {
            figures.shared.incrementAndGet();
            askers.add(asker);
            return;
        }
        figures.remote.incrementAndGet();
        List<Message> waiting = new ArrayList<>(List.of(asker));
        asking.put(id, waiting);
        Message request = Message.of(asker.route(), asker.content())
                .withHeader(Header.create("")
                        .withResourceVersion(asker.header().resourceVersion())
                        .withSync(true));
        context.bus()
                .request(ModuleNames.EDGE_HUB, request, timeout)
                .whenComplete((reply, failure) -> context.execute(() -> {
                    // The same question may be under way anew, on another link.
                    asking.remove(id, waiting);
                    ended(waiting, key, reply, failure);
                }));
    }

    private void ended(List<Message> askers, Optional<String> key, Message reply, Throwable failure) {
        CloudAnswer answer;
        try {
            answer = understood(reply, failure);
        } catch (EdgeException why) {
            figures.remoteFailures.incrementAndGet();
            askers.forEach(asker -> outgoing.answer(asker, asker.error(ModuleNames.META_MANAGER, why)));
            return;
        }
        Optional<Row> row = key.flatMap(k -> answer.object().map(object -> Row.of(k, object)));
        if (row.isEmpty()) {
            tell(askers, answer);
            acknowledge(answer);
            return;
        }
        commits.await(rows.put(row.get()), problem -> {
            tell(askers, answer);
            if (problem.isPresent()) {
                figures.failures.incrementAndGet();
                rows.forget(List.of(row.get().key()));
                outgoing.refuse(reply, problem.get());
            } else {
                figures.stored.incrementAndGet();
                acknowledge(answer);
            }
        });
    }

    private static CloudAnswer understood(Message reply, Throwable failure) {
        if (failure != null) {
            throw Rows.failure(failure);
        }
        return CloudAnswer.of(reply);
    }

    private void tell(List<Message> askers, CloudAnswer answer) {
        askers.forEach(asker -> outgoing.answer(asker, answer.to(asker)));
    }

    // The cloud sends configmaps and the like as answers it wants acknowledged, one at a time: silence stops its queue.
    private void acknowledge(CloudAnswer answer) {
        if (!answer.isError()) {
            outgoing.acknowledge(answer.reply());
        }
    }

    /**
     * The link is gone, with the questions on it or their answers: whoever asked is to be treated anew. An answer that comes
     * all the same is kept and acknowledged.
     *
     * @return who waited
     */
    List<Message> giveBack() {
        List<Message> askers = unanswered();
        asking.values().forEach(List::clear);
        asking.clear();
        return askers;
    }

    /** Askers without an answer, for a successor. */
    List<Message> unanswered() {
        return asking.values().stream().flatMap(List::stream).toList();
    }
}
