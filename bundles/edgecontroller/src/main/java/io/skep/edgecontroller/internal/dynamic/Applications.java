package io.skep.edgecontroller.internal.dynamic;

import static io.skep.core.api.application.Application.WATCHES;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.edgecontroller.internal.Json;
import io.skep.edgecontroller.internal.dynamic.DynamicCounters.Outcome;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applications of nodes: each is done and answered. State of the module's thread; the work in the pool, in order per node.
 * Every application is answered, also one that is refused: EdgeCore then turns to what the node has itself, where silence
 * would make it wait 10 s first.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/dynamiccontroller/application/application.go}.
 */
final class Applications {

    /** Most applications of one node in hand at one time. */
    static final int MOST_IN_HAND = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Applications.class);

    /** Workers that may wait for the store at one time; the pool has more, and others need it too. */
    private static final int LANES = 4;

    private static final String ANSWER = "applicationResponse";
    private static final String APPLICATION = "ignore/Application/ignore";

    private record InHand(Message message, Application application) {}

    private final ModuleContext context;
    private final ResourceStore store;
    private final ApplicationRequests requests;
    private final Watches watches;
    private final Outbox outbox;
    private final DynamicCounters counters;
    private final Map<String, InHand> inHand = new LinkedHashMap<>();

    Applications(
            ModuleContext context,
            ResourceStore store,
            ApplicationRequests requests,
            Watches watches,
            Outbox outbox,
            DynamicCounters counters) {
        this.context = context;
        this.store = store;
        this.requests = requests;
        this.watches = watches;
        this.outbox = outbox;
        this.counters = counters;
    }

    /** One application of {@code node}. */
    void receive(String node, Message message) {
        Application application;
        try {
            application = Application.read(node, message);
        } catch (KubeException e) {
            answer(message, new Application(node, Doc.EMPTY).rejected(e.status()));
            return;
        }
        Optional<Verb> verb = Verb.of(application.verb());
        if (verb.isEmpty()) {
            Status why = Refusals.badRequest("unsupported verb \"" + application.verb() + "\"")
                    .status();
            answer(message, application.rejected(why));
        } else if (ofNode(node) >= MOST_IN_HAND) {
            answer(message, application.rejected(tooMuchInHand(node)));
        } else {
            inHand.put(message.id(), new InHand(message, application));
            serve(verb.get(), message, application);
        }
    }

    private long ofNode(String node) {
        return inHand.values().stream()
                .filter(i -> i.application().node().equals(node))
                .count();
    }

    private static Status tooMuchInHand(String node) {
        return Refusals.tooMany("node " + node + " has " + MOST_IN_HAND + " requests in hand");
    }

    private void serve(Verb verb, Message message, Application application) {
        if (verb == Verb.WATCH) {
            watch(
                    application,
                    problem -> done(
                            message, problem.map(application::rejected).orElseGet(() -> application.approved(""))));
            return;
        }
        context.work(lane(application.node()), () -> requests.result(verb, application), (result, failure) -> {
            done(
                    message,
                    failure == null
                            ? application.approved(result)
                            : application.rejected(status(application, failure)));
        });
    }

    private static String lane(String node) {
        return "application/" + Math.floorMod(node.hashCode(), LANES);
    }

    /** What the node may see is settled in the pool, the watch itself then begins here. */
    private void watch(Application application, Consumer<Optional<Status>> then) {
        context.work(lane(application.node()), () -> listener(application), (listener, failure) -> {
            if (failure == null) {
                watches.add(listener, then);
            } else {
                then.accept(Optional.of(status(application, failure)));
            }
        });
    }

    /** Takes up the watches a predecessor had, as far as they are still allowed. */
    void resume(List<Application> left) {
        for (Application application : left) {
            watch(
                    application,
                    problem -> problem.ifPresent(p -> LOG.warn(
                            "watch ended: node={} key={} reason={}",
                            application.node(),
                            application.key(),
                            p.message())));
        }
    }

    private Listener listener(Application application) {
        if (application.id().isEmpty()) {
            throw Refusals.badRequest("a watch without an ID");
        }
        ApplicationKey key = ApplicationKey.parse(application.key());
        ResourceKind kind = key.kind(store);
        return new Listener(
                application,
                kind,
                kind.namespaced() ? key.namespace() : "",
                requests.narrowed(Verb.WATCH, application, kind, key));
    }

    /**
     * All watches {@code node} has: those it does not name end, those not known here begin.
     *
     * <p>The answer names those that failed.
     */
    void sync(String node, Message message) {
        Map<String, Application> wanted;
        try {
            wanted = Application.readAll(node, message);
        } catch (KubeException e) {
            LOG.warn("node names its watches in a way not understood: node={} reason={}", node, e.getMessage());
            counters.application(Outcome.REJECTED);
            return;
        }
        Set<String> known = watches.ids(node);
        known.stream().filter(id -> !wanted.containsKey(id)).forEach(id -> watches.remove(node, id));
        wanted.keySet().removeAll(known);
        new Sync(message, wanted).start();
    }

    /** Counts the beginnings of new watches off, and answers with those that failed. */
    private final class Sync {
        private final Message message;
        private final Map<String, Application> wanted;
        private final Map<String, Object> failed = new LinkedHashMap<>();
        private int open;

        Sync(Message message, Map<String, Application> wanted) {
            this.message = message;
            this.wanted = wanted;
            this.open = wanted.size();
        }

        void start() {
            if (wanted.isEmpty()) {
                answer();
            }
            wanted.forEach((id, application) -> watch(application, problem -> {
                problem.ifPresent(p -> failed.put(id, application.rejected(p).fields()));
                open--;
                if (open == 0) {
                    answer();
                }
            }));
        }

        private void answer() {
            counters.application(failed.isEmpty() ? Outcome.APPROVED : Outcome.REJECTED);
            outbox.answer(answer(message, message.route().resource(), Json.text(Doc.of(failed))));
        }

        private Message answer(Message request, String resource, String json) {
            return Applications.answer(request, resource, new Content.Json(json));
        }
    }

    /** Refuses whatever {@code node} asks. */
    void refuse(String node, Message message, Status why) {
        try {
            if (message.route().resource().endsWith(WATCHES)) {
                Map<String, Object> failed = new LinkedHashMap<>();
                Application.readAll(node, message)
                        .forEach((id, application) ->
                                failed.put(id, application.rejected(why).fields()));
                counters.application(Outcome.REJECTED);
                outbox.answer(answer(message, message.route().resource(), new Content.Json(Json.text(Doc.of(failed)))));
            } else {
                answer(message, Application.read(node, message).rejected(why));
            }
        } catch (KubeException e) {
            answer(message, new Application(node, Doc.EMPTY).rejected(e.status()));
        }
    }

    /** Who asked must not wait for an answer that nobody gives any more. */
    void abandon() {
        for (InHand asked : List.copyOf(inHand.values())) {
            done(
                    asked.message(),
                    asked.application()
                            .rejected(Refusals.unavailable("dynamiccontroller is being replaced; whether the "
                                    + asked.application().verb() + " was done is not known")));
        }
    }

    private void done(Message message, Application answer) {
        if (inHand.remove(message.id()) != null) {
            answer(message, answer);
        }
    }

    private void answer(Message message, Application answer) {
        counters.application(answer.isApproved() ? Outcome.APPROVED : Outcome.REJECTED);
        String resource = "node/" + answer.node() + "/" + APPLICATION;
        outbox.answer(answer(message, resource, new Content.Json(Json.text(answer.fields()))));
    }

    private static Message answer(Message request, String resource, Content content) {
        Route back = Route.of(ModuleNames.DYNAMIC_CONTROLLER, ModuleNames.GROUP_RESOURCE, ANSWER, resource);
        return new Message(Header.create(request.id()), back, content);
    }

    private static Status status(Application application, Exception failure) {
        if (failure instanceof KubeException e) {
            LOG.debug("refused: node={} key={} reason={}", application.node(), application.key(), e.getMessage());
            return e.status();
        }
        if (failure instanceof EdgeException e) {
            return Status.of(e.reason().status(), e.reason().code(), e.getMessage());
        }
        LOG.warn("application failed: node={} key={}", application.node(), application.key(), failure);
        return Status.of(Status.INTERNAL_ERROR, 500, "cannot " + application.verb() + " " + application.key());
    }
}
