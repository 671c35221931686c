package io.skep.edged.internal.link;

import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.kube.api.Doc;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ConfigMaps and Secrets the node's pods use. Each is asked of MetaManager once and then kept current by the changes
 * MetaManager passes on; one that was not there is asked for again at the next try. Belongs to the module's thread.
 */
public final class References {

    private static final Logger LOG = LoggerFactory.getLogger(References.class);

    private final Meta meta;
    private final Map<Ref, Doc> found = new HashMap<>();
    private final Map<Ref, List<Runnable>> asking = new HashMap<>();

    public References(Meta meta) {
        this.meta = meta;
    }

    /** Calls {@code then} with those of {@code refs} that exist, as soon as each was answered; at once when all are known. */
    public void whenKnown(Collection<Ref> refs, Consumer<Map<Ref, Doc>> then) {
        List<Ref> unknown =
                refs.stream().filter(ref -> !found.containsKey(ref)).distinct().toList();
        if (unknown.isEmpty()) {
            then.accept(known(refs));
            return;
        }
        int[] open = {unknown.size()};
        Runnable answered = () -> {
            if (--open[0] == 0) {
                then.accept(known(refs));
            }
        };
        unknown.forEach(ref -> ask(ref, answered));
    }

    private void ask(Ref ref, Runnable answered) {
        List<Runnable> waiting = asking.get(ref);
        if (waiting != null) {
            waiting.add(answered);
            return;
        }
        asking.put(ref, new ArrayList<>(List.of(answered)));
        meta.query(
                ref.resource(),
                Content.EMPTY,
                answer -> {
                    answer.doc().filter(doc -> doc.has("metadata")).ifPresent(doc -> found.putIfAbsent(ref, doc));
                    asking.remove(ref).forEach(Runnable::run);
                },
                failure -> {
                    if (failure.reason() != Reason.NOT_FOUND) {
                        LOG.debug(
                                "reference not available: resource={} reason={}", ref.resource(), failure.getMessage());
                    }
                    asking.remove(ref).forEach(Runnable::run);
                });
    }

    private Map<Ref, Doc> known(Collection<Ref> refs) {
        Map<Ref, Doc> known = new LinkedHashMap<>();
        refs.forEach(ref -> {
            if (found.containsKey(ref)) {
                known.put(ref, found.get(ref));
            }
        });
        return known;
    }

    /** Takes a change MetaManager passed on. */
    public void changed(Ref ref, Doc object) {
        found.put(ref, object);
    }

    /** Takes a deletion MetaManager passed on; pods that run keep what they have. */
    public void deleted(Ref ref) {
        found.remove(ref);
    }

    /** Forgets what no pod uses any more. */
    public void retain(Set<Ref> used) {
        found.keySet().retainAll(used);
    }
}
