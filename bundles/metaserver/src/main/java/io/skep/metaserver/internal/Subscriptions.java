package io.skep.metaserver.internal;

import io.skep.core.api.application.Application;
import io.skep.core.api.module.ModuleContext;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node has the cloud tell it of, for those who watch it here. The cloud sends such changes as any other, through
 * MetaManager and its disk, and watches are served from the memory. While the link is down they rest; with the next one the
 * cloud is told which there are, and what they missed is made up from a list.
 *
 * <p>Thread-safe. A watch begins on its client's thread, which waits for the cloud; the rest is done by workers. No lock is
 * held while the cloud is asked.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/metaserver/agent}. There the cloud is told the watches only when one
 * has ended, and nothing is made up.
 */
final class Subscriptions {

    /** Most selections; the cloud has a limit of its own, 100 unless configured. */
    static final int MOST = 64;

    /** So that several that end at a time are told together. */
    static final Duration TELL_SOON = Duration.ofSeconds(1);

    /** When the cloud is told again what it did not take. */
    static final Duration TELL_AGAIN = Duration.ofSeconds(30);

    /** What the cloud is to have, and why it has none of the others. */
    private record Told(List<Selection> sent, Map<Selection, Status> failed) {}

    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final String LANE = "watches";

    private final ModuleContext context;
    private final Memory memory;
    private final Applications cloud;
    private final Answers answers;
    private final Map<Selection, Subscription> all = new LinkedHashMap<>();
    private ModuleContext.Timer next = () -> {};
    private Instant due = Instant.MAX;

    Subscriptions(ModuleContext context, Memory memory, Applications cloud, Answers answers) {
        this.context = context;
        this.memory = memory;
        this.cloud = cloud;
        this.answers = answers;
    }

    /**
     * Begins a watch. What the cloud cannot be asked for at the moment is watched in the memory, when that knows of any.
     *
     * @param told what the client knows already
     * @throws KubeException as the cloud refuses it; {@code TooManyRequests}; {@code ServiceUnavailable} when nothing is known
     */
    ResourceStore.Watch open(Selection selection, Map<ObjectKey, KubeObject> told, ResourceStore.Watcher watcher) {
        Subscription subscription;
        Subscription.Client client;
        synchronized (this) {
            subscription = all.computeIfAbsent(selection, this::made);
            client = subscription.join(watcher);
        }
        try {
            subscribe(subscription);
            agreeOrDo(subscription, told.keySet());
            client.began(memory.watch(selection, told, watcher));
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private Subscription made(Selection selection) {
        if (all.size() >= MOST) {
            throw new KubeException(Status.of(
                    Status.TOO_MANY_REQUESTS,
                    429,
                    "this node watches " + MOST + " different things of its cloud's already, which is the most"));
        }
        return new Subscription(selection, () -> ended(selection));
    }

    private void ended(Selection selection) {
        synchronized (this) {
            Subscription subscription = all.get(selection);
            if (subscription == null || !subscription.isIdle()) {
                return;
            }
            all.remove(selection);
        }
        context.execute(() -> tellIn(TELL_SOON));
    }

    private void subscribe(Subscription subscription) {
        if (subscription.isTaken()) {
            return;
        }
        try {
            probe(subscription);
            cloud.ask(Requests.watch(subscription.selection()));
            subscription.taken(true);
        } catch (KubeException e) {
            if (!Applications.isAway(e.status())) {
                throw e;
            }
            LOG.debug("watched in the memory only: kind={} reason={}", subscription.name(), e.getMessage());
            context.execute(() -> tellIn(TELL_AGAIN));
        }
    }

    /**
     * Over a watch of a kind that its server has not got KubeEdge's cloud exits; over one it may not list it answers nobody more.
     */
    private void probe(Subscription subscription) {
        cloud.ask(Requests.probe(subscription.selection()));
    }

    /** Without the cloud the memory does for a client that was told no more than it has: it would call the rest gone. */
    private void agreeOrDo(Subscription subscription, Set<ObjectKey> told) {
        try {
            agree(subscription);
        } catch (KubeException e) {
            if (!Applications.isAway(e.status()) || !recalls(subscription.selection()) || !memory.hasAll(told)) {
                throw e;
            }
        }
    }

    /** The memory takes over what there is. */
    private void agree(Subscription subscription) {
        Selection selection = subscription.selection();
        Application question = Requests.list(selection);
        long asked = memory.moment();
        Doc answer = cloud.ask(question).orElse(Doc.EMPTY);
        memory.agree(selection, selection.list(answer), asked);
        answers.keep(question, answer);
        subscription.complete();
    }

    /** Whether the memory can answer for it, with what the cloud said once of it or of what it is a part of. */
    boolean recalls(Selection selection) {
        return selection.wholes().anyMatch(this::recallsWhole) || memory.has(selection);
    }

    private boolean recallsWhole(Selection selection) {
        Subscription subscription;
        synchronized (this) {
            subscription = all.get(selection);
        }
        if (subscription != null && subscription.isComplete()) {
            return true;
        }
        Optional<Doc> kept = answers.find(Requests.list(selection));
        kept.ifPresent(answer -> memory.recall(selection, selection.list(answer)));
        return kept.isPresent();
    }

    private synchronized List<Subscription> now() {
        return List.copyOf(all.values());
    }

    /** There is a link: whatever the cloud knew of this node's watches may be lost, or of a former life. */
    void linked() {
        tell();
        now().forEach(this::catchUp);
    }

    /** Of watched versions, and of namesakes in other groups, a row has but the last that came: they are asked for what there is. */
    void changed(List<String> rowKeys) {
        Set<String> types = rowKeys.stream().map(Row::type).collect(Collectors.toSet());
        List<Subscription> now = now();
        now.stream()
                .filter(one ->
                        types.contains(Row.type(one.kind())) && now.stream().anyMatch(one::sharesRows))
                .forEach(this::catchUpSoon);
    }

    private void catchUpSoon(Subscription subscription) {
        if (subscription.setBehind(true)) {
            context.after(TELL_SOON, () -> {
                subscription.setBehind(false);
                catchUp(subscription);
            });
        }
    }

    private void catchUp(Subscription subscription) {
        context.work(
                LANE,
                () -> {
                    agree(subscription);
                    return subscription;
                },
                (done, failure) -> {
                    if (failure instanceof KubeException e) {
                        refused(subscription, e.status());
                    }
                });
    }

    private void refused(Subscription subscription, Status why) {
        if (Applications.isAway(why)) {
            subscription.taken(false);
            tellIn(TELL_AGAIN);
            return;
        }
        LOG.info("watch ended by the cloud: kind={} reason={}", subscription.name(), why.message());
        subscription.end(why);
    }

    private void tellIn(Duration delay) {
        Instant when = context.clock().instant().plus(delay);
        if (when.isBefore(due)) {
            next.cancel();
            next = context.after(delay, this::tell);
            due = when;
        }
    }

    private void tell() {
        next.cancel();
        due = Instant.MAX;
        context.work(LANE, this::sync, this::told);
    }

    private Told sync() {
        List<Selection> sent = new ArrayList<>();
        Map<Selection, Status> failed = new LinkedHashMap<>();
        for (Subscription subscription : now()) {
            try {
                probe(subscription);
                sent.add(subscription.selection());
            } catch (KubeException e) {
                failed.put(subscription.selection(), e.status());
            }
        }
        failed.putAll(cloud.sync(sent));
        return new Told(sent, failed);
    }

    private void told(Told told, Exception failure) {
        List<Subscription> now = now();
        if (failure != null) {
            LOG.debug("cloud was not told of watches: watches={} reason={}", now.size(), failure.getMessage());
            if (!now.isEmpty()) {
                tellIn(TELL_AGAIN);
            }
            return;
        }
        for (Subscription subscription : now) {
            Status why = told.failed().get(subscription.selection());
            if (why != null) {
                refused(subscription, why);
            } else if (!told.sent().contains(subscription.selection())) {
                // It may have begun in the cloud before the cloud was told that there is none.
                tellIn(TELL_SOON);
            } else if (!subscription.isTaken()) {
                subscription.taken(true);
                catchUp(subscription);
            }
        }
    }

    /** Ends the watches of kinds that are no more or have changed, as a server does: their clients list anew. */
    void kindsChanged(Collection<ResourceKind> known) {
        now().stream()
                .filter(subscription -> !known.contains(subscription.kind()))
                .forEach(one -> refused(one, Status.of(Status.EXPIRED, 410, "the definition of its kind has changed")));
    }

    /** Ends all watches. */
    void end(Status why) {
        next.cancel();
        now().forEach(subscription -> subscription.end(why));
    }

    synchronized int size() {
        return all.size();
    }
}
