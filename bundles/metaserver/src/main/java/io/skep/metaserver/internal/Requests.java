package io.skep.metaserver.internal;

import io.skep.core.api.application.Application;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Selector;
import io.skep.kube.api.WriteOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the cloud is asked, in the words of KubeEdge's applications. */
final class Requests {

    private static final String NONE = "null";
    private static final String DRY_RUN = "dryRun";
    private static final List<String> ALL = List.of("All");

    private Requests() {}

    static Application get(ObjectKey key) {
        return of(key, "get", Map.of(), Optional.empty(), "");
    }

    static Application list(ResourceKind kind, String namespace, ListOptions options) {
        Map<String, Object> option = selected(options.labels(), options.fields());
        if (!options.continueToken().isEmpty()) {
            option.put("continue", options.continueToken());
        }
        if (options.limit() > 0) {
            option.put("limit", options.limit());
        }
        return of(new ObjectKey(kind, namespace, ""), "list", option, Optional.empty(), "");
    }

    /** Everything there is of it now. */
    static Application list(Selection selection) {
        return all(selection, "list");
    }

    /** One object of its kind, to see whether the cloud can list them. */
    static Application probe(Selection selection) {
        return list(
                selection.kind(), selection.namespace(), new ListOptions(Selector.ALL, Selector.ALL, "", 1, "", false));
    }

    /** To be sent everything there is of it now, and every change from then on. */
    static Application watch(Selection selection) {
        return all(selection, "watch");
    }

    private static Application all(Selection selection, String verb) {
        ObjectKey key = new ObjectKey(selection.kind(), selection.namespace(), "");
        return of(key, verb, selected(selection.labels(), selection.fields()), Optional.empty(), "");
    }

    private static Map<String, Object> selected(Selector labels, Selector fields) {
        Map<String, Object> option = new LinkedHashMap<>();
        option.put("labelSelector", SelectorText.of(labels));
        option.put("fieldSelector", SelectorText.ofFields(fields));
        option.values().removeIf(""::equals);
        return option;
    }

    static Application create(ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        return of(key, "create", option(options), Optional.of(object), subresource);
    }

    static Application update(ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        String verb = subresource.equals("status") ? "updatestatus" : "update";
        return of(key, verb, option(options), Optional.of(object), subresource);
    }

    static Application patch(ObjectKey key, String subresource, Patch patch, WriteOptions options) {
        Map<String, Object> applied = new LinkedHashMap<>(option(options));
        if (options.force()) {
            applied.put("force", true);
        }
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("Name", key.name());
        info.put("PatchType", patch.type().mediaType());
        info.put("Data", Application.base64(patch.body()));
        info.put("Options", applied);
        info.put("Subresources", subresource.isEmpty() ? List.of() : List.of(subresource));
        return of(key, "patch", info, Optional.empty(), subresource);
    }

    static Application delete(ObjectKey key, DeleteOptions options) {
        Map<String, Object> option = new LinkedHashMap<>();
        options.gracePeriodSeconds().ifPresent(seconds -> option.put("gracePeriodSeconds", seconds));
        Map<String, Object> preconditions = new LinkedHashMap<>();
        preconditions.put("uid", options.uid());
        preconditions.put("resourceVersion", options.resourceVersion());
        preconditions.values().removeIf(""::equals);
        if (!preconditions.isEmpty()) {
            option.put("preconditions", preconditions);
        }
        option.put(
                "propagationPolicy",
                switch (options.propagation()) {
                    case BACKGROUND -> "Background";
                    case FOREGROUND -> "Foreground";
                    case ORPHAN -> "Orphan";
                });
        if (options.dryRun()) {
            option.put(DRY_RUN, ALL);
        }
        return of(key, "delete", option, Optional.empty(), "");
    }

    private static Map<String, Object> option(WriteOptions options) {
        Map<String, Object> option = new LinkedHashMap<>();
        if (options.dryRun()) {
            option.put(DRY_RUN, ALL);
        }
        if (!options.fieldManager().isEmpty()) {
            option.put("fieldManager", options.fieldManager());
        }
        return option;
    }

    private static Application of(
            ObjectKey key, String verb, Map<String, Object> option, Optional<KubeObject> body, String subresource) {
        ResourceKind kind = key.kind();
        String group = kind.group().isEmpty() ? "core" : kind.group();
        String path = "/" + group + "/" + kind.version() + "/" + kind.plural() + "/"
                + orNone(kind.namespaced() ? key.namespace() : "") + "/" + orNone(key.name());
        return new Application(
                path,
                verb,
                Json.write(option),
                body.map(object -> Json.write(object.doc().asMap())),
                subresource);
    }

    private static String orNone(String part) {
        return part.isEmpty() ? NONE : part;
    }
}
