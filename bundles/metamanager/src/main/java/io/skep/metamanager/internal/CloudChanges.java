package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.ResourceVersions;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cloud wants: written first, then handed on and acknowledged, in the order it came. What is not newer than what
 * is here is only acknowledged. Belongs to the module's thread.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/process.go}; the comparison of versions is ours.
 */
final class CloudChanges {

    private static final Logger LOG = LoggerFactory.getLogger(CloudChanges.class);
    private static final String POD = "pod";
    private static final Set<String> FOR_EDGED =
            Set.of(POD, "configmap", "secret", "serviceaccountaccess", "volume", "node");
    private static final Set<String> FOR_TWIN = Set.of("device", "devicemodel");
    private static final int REMEMBERED_DELETES = 2_000;

    private final Rows rows;
    private final Commits commits;
    private final Outgoing outgoing;
    private final MetaFigures figures;

    /** Objects that are gone: a change of theirs that comes late must not bring them back. */
    private final Map<String, Boolean> gone = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED_DELETES;
        }
    };

    CloudChanges(Rows rows, Commits commits, Outgoing outgoing, MetaFigures figures) {
        this.rows = rows;
        this.commits = commits;
        this.outgoing = outgoing;
        this.figures = figures;
    }

    /** An object is there, or has changed. */
    void put(Message message) {
        Row row = Row.of(message.route().resource(), message);
        if (isKnown(row)) {
            duplicate(message);
            return;
        }
        commits.await(rows.put(row), failure -> ended(message, failure, true));
    }

    private boolean isKnown(Row row) {
        ObjectHead given = row.head().object();
        if (!given.uid().isEmpty() && gone.containsKey(given.uid())) {
            return true;
        }
        Optional<ObjectHead> known = rows.head(row.key()).map(Row.Head::object);
        return known.isPresent()
                && known.get().uid().equals(given.uid())
                // Of what has no numbers, what came last counts as newer.
                && ResourceVersions.order(given.resourceVersion(), known.get().resourceVersion())
                                .orElse(1)
                        <= 0;
    }

    /**
     * An object is gone. The cloud's garbage collection names it by metadata alone. When another object has taken its name
     * there is nothing to do any more.
     */
    void delete(Message message) {
        String key = message.route().resource();
        String uid = ObjectHead.of(message.content().json()).uid();
        String known = rows.head(key).map(head -> head.object().uid()).orElse("");
        if (!uid.isEmpty() && !known.isEmpty() && !uid.equals(known)) {
            gone.put(uid, true);
            rows.readAgain(key);
            duplicate(message);
            return;
        }
        String dead = uid.isEmpty() ? known : uid;
        List<String> keys = new ArrayList<>(List.of(key));
        patchKey(key).ifPresent(keys::add);
        if (!dead.isEmpty()) {
            gone.put(dead, true);
        }
        commits.await(rows.delete(keys), failure -> {
            if (failure.isPresent()) {
                gone.remove(dead);
            }
            ended(message, failure, true);
        });
    }

    private static Optional<String> patchKey(String key) {
        return POD.equals(Row.type(key)) ? Optional.of(key.replaceFirst("/pod/", "/podpatch/")) : Optional.empty();
    }

    /** An answer nobody waits for any more: kept, as the cloud counts on it once it is acknowledged. */
    void lateAnswer(Message message) {
        Optional<Message> object = CloudAnswer.of(message).object();
        boolean named = Row.type(message.route().resource()).length() > 0;
        if (object.isEmpty() || !named) {
            outgoing.acknowledge(message);
            return;
        }
        Row row = Row.of(message.route().resource(), object.get());
        if (isKnown(row)) {
            duplicate(message);
        } else {
            commits.await(rows.put(row), failure -> ended(message, failure, false));
        }
    }

    // A write of the same row may still be on its way to the disk: the acknowledgement goes behind it.
    private void duplicate(Message message) {
        figures.duplicates.incrementAndGet();
        commits.await(rows.flush(), failure -> {
            if (failure.isEmpty()) {
                outgoing.acknowledge(message);
            }
        });
    }

    private void ended(Message message, Optional<EdgeException> failure, boolean handOn) {
        if (failure.isPresent()) {
            failed(message, failure.get());
            return;
        }
        figures.stored.incrementAndGet();
        if (handOn) {
            handOn(message);
        }
        outgoing.acknowledge(message);
    }

    private void failed(Message message, EdgeException why) {
        figures.failures.incrementAndGet();
        LOG.debug("not stored, not acknowledged: msg={} reason={}", message.id(), why.getMessage());
        String key = message.route().resource();
        List<String> keys = new ArrayList<>(List.of(key));
        patchKey(key).ifPresent(keys::add);
        rows.forget(keys);
        outgoing.refuse(message, why);
    }

    private void handOn(Message message) {
        String type = Row.type(message.route().resource());
        if (FOR_TWIN.contains(type)) {
            Route route = message.route();
            outgoing.toGroup(
                    ModuleNames.GROUP_TWIN,
                    message.withRoute(Route.of(
                            ModuleNames.GROUP_META, ModuleNames.GROUP_TWIN, route.operation(), route.resource())));
        } else if (FOR_EDGED.contains(type)) {
            outgoing.toModule(ModuleNames.EDGED, message);
        }
    }

    /** Whether an operation is one this class treats. */
    static boolean treats(String operation) {
        return Operation.INSERT.equals(operation)
                || Operation.UPDATE.equals(operation)
                || Operation.DELETE.equals(operation)
                || Operation.RESPONSE.equals(operation);
    }
}
