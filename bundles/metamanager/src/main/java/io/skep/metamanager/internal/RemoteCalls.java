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
import java.util.function.Supplier;

/**
 * Questions that only the cloud can answer. The same question asked again while it is under way is not sent again: all
 * askers get the one answer. Belongs to the module's thread.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/process.go}, {@code processRemote}.
 */
final class RemoteCalls {

    /** How a question is put to the cloud, and what its answer says. */
    interface Dialect {

        /** How long the cloud gets. */
        Duration timeout();

        /** What is sent for an asker's question. */
        Message question(Message asker);

        /**
         * Reads the cloud's reply.
         *
         * @throws EdgeException when it says that there is no answer
         */
        CloudAnswer understood(Message asker, Message reply);

        /** What an asker gets when there is none. */
        Message instead(Message asker, EdgeException why);
    }

    /** As the asker put it. */
    private record Verbatim(Duration timeout) implements Dialect {
        @Override
        public Message question(Message asker) {
            return Message.of(asker.route(), asker.content())
                    .withHeader(Header.create("")
                            .withResourceVersion(asker.header().resourceVersion())
                            .withSync(true));
        }

        @Override
        public CloudAnswer understood(Message asker, Message reply) {
            return CloudAnswer.of(reply);
        }

        @Override
        public Message instead(Message asker, EdgeException why) {
            return asker.error(ModuleNames.META_MANAGER, why);
        }
    }

    private final ModuleContext context;
    private final Dialect verbatim;
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
        this.verbatim = new Verbatim(timeout);
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
        ask(asker, key, verbatim);
    }

    /** As {@link #ask(Message, Optional)}, in other words. */
    void ask(Message asker, Optional<String> key, Dialect dialect) {
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
        context.bus()
                .request(ModuleNames.EDGE_HUB, dialect.question(asker), dialect.timeout())
                .whenComplete((reply, failure) -> context.execute(() -> {
                    // The same question may be under way anew, on another link.
                    asking.remove(id, waiting);
                    ended(waiting, key, () -> understood(asker, dialect, reply, failure), dialect);
                }));
    }

    private void ended(List<Message> askers, Optional<String> key, Supplier<CloudAnswer> understood, Dialect dialect) {
        CloudAnswer answer;
        try {
            answer = understood.get();
        } catch (EdgeException why) {
            figures.remoteFailures.incrementAndGet();
            askers.forEach(asker -> outgoing.answer(asker, dialect.instead(asker, why)));
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
                outgoing.refuse(answer.reply(), problem.get());
            } else {
                figures.stored.incrementAndGet();
                acknowledge(answer);
            }
        });
    }

    private static CloudAnswer understood(Message asker, Dialect dialect, Message reply, Throwable failure) {
        if (failure != null) {
            throw Rows.failure(failure);
        }
        return dialect.understood(asker, reply);
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
