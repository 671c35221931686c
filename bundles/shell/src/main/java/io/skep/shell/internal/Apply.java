package io.skep.shell.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;

/**
 * Brings an object to what a file says. What was in the file the last time and is not any more is taken away; what others
 * wrote stays.
 */
final class Apply {

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final WriteOptions OPTIONS = new WriteOptions(false, "skep-shell", false);

    private final ResourceStore store;
    private final String namespace;

    /** @param namespace for objects that say none */
    Apply(ResourceStore store, String namespace) {
        this.store = store;
        this.namespace = namespace;
    }

    /** What became of one object, for example {@code configmap/web created}. */
    record Outcome(String object, String what) {}

    Outcome apply(Map<?, ?> document) throws CommandException {
        KubeObject wanted = new KubeObject(Doc.of(Map.of("d", document)).object("d"));
        ResourceKind kind = kind(wanted);
        if (wanted.name().isEmpty()) {
            throw new CommandException("a " + kind.kind() + " has no metadata.name: give it one");
        }
        if (kind.namespaced() && wanted.namespace().isEmpty()) {
            wanted = wanted.with(namespace, "metadata", "namespace");
        }
        ObjectKey key = new ObjectKey(kind, kind.namespaced() ? wanted.namespace() : "", wanted.name());
        KubeObject marked = wanted.with(Json.write(wanted.doc().asMap()), "metadata", "annotations", LAST_APPLIED);
        return new Outcome(kind.singular() + "/" + wanted.name(), bring(key, wanted, marked));
    }

    private ResourceKind kind(KubeObject wanted) throws CommandException {
        return store.kinds().stream()
                .filter(k ->
                        k.apiVersion().equals(wanted.apiVersion()) && k.kind().equals(wanted.kind()))
                .findFirst()
                .orElseThrow(() -> new CommandException("no matches for kind \"" + wanted.kind() + "\" in version \""
                        + wanted.apiVersion() + "\": it has " + String.join(", ", KindNames.plurals(store))));
    }

    private String bring(ObjectKey key, KubeObject wanted, KubeObject marked) {
        KubeObject before;
        try {
            before = store.get(key);
        } catch (KubeException e) {
            if (!e.reason().equals(Status.NOT_FOUND)) {
                throw e;
            }
            store.create(key.kind(), key.namespace(), marked, OPTIONS);
            return "created";
        }
        String last = before.annotations().getOrDefault(LAST_APPLIED, "");
        Map<?, ?> old = last.isEmpty() ? Map.of() : (Map<?, ?>) Json.read(last);
        Map<String, Object> patch =
                withRemovals(old, marked.doc().asMap(), wanted.doc().asMap());
        // Custom resources have no schema to merge lists by.
        boolean custom = key.kind().group().contains(".kubeedge.io");
        PatchType type = custom ? PatchType.MERGE : PatchType.STRATEGIC_MERGE;
        KubeObject after = store.patch(key, "", new Patch(type, Json.write(patch)), OPTIONS);
        return after.resourceVersion().equals(before.resourceVersion()) ? "unchanged" : "configured";
    }

    /** {@code patch} with a {@code null} for each field that was said the last time and is not said now. */
    private static Map<String, Object> withRemovals(Map<?, ?> old, Map<?, ?> patch, Map<?, ?> wanted) {
        Map<String, Object> result = new LinkedHashMap<>();
        patch.forEach((key, value) -> {
            Map<?, ?> before = old.get(key) instanceof Map<?, ?> map ? map : Map.of();
            Map<?, ?> now = wanted.get(key) instanceof Map<?, ?> map ? map : Map.of();
            result.put((String) key, value instanceof Map<?, ?> map ? withRemovals(before, map, now) : value);
        });
        old.keySet().stream()
                .filter(key -> !wanted.containsKey(key) && !LAST_APPLIED.equals(key))
                .forEach(key -> result.putIfAbsent((String) key, null));
        return result;
    }

    /** All documents of a file; stops at the first that is refused. */
    List<Outcome> applyAll(List<Map<?, ?>> documents, java.util.function.Consumer<Outcome> each)
            throws CommandException {
        List<Outcome> outcomes = new java.util.ArrayList<>();
        for (Map<?, ?> document : documents) {
            Outcome outcome = apply(document);
            outcomes.add(outcome);
            each.accept(outcome);
        }
        return outcomes;
    }
}
