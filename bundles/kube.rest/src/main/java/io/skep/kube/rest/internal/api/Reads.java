package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.rest.internal.api.Catalog.Served;
import io.skep.kube.rest.internal.table.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Get, list and watch. */
final class Reads {

    private static final Set<String> READABLE = Set.of("", "status", "ephemeralcontainers");

    private final Tables tables;
    private final WatchStreams watches;

    Reads(Tables tables, WatchStreams watches) {
        this.tables = tables;
        this.watches = watches;
    }

    Answer get(ApiRequest request, ApiPath path, Served served) {
        ResourceKind kind = served.kind();
        if (!READABLE.contains(path.subresource())) {
            throw unreadable(kind, path.subresource());
        }
        View view = request.view();
        KubeObject object = served.store().get(new ObjectKey(kind, path.namespace(), path.name()));
        return Answer.json(
                200,
                switch (view.form()) {
                    case TABLE -> table(request, kind, view, List.of(object), version(object), true);
                    case PARTIAL -> Tables.partial(object, view.version());
                    case OBJECT -> Wire.tree(kind, object);
                    case PARTIAL_LIST, DISCOVERY -> throw Statuses.notAcceptable();
                });
    }

    private static KubeException unreadable(ResourceKind kind, String subresource) {
        if (Writes.CREATED.contains(subresource) && kind.subresources().contains(subresource)) {
            return Statuses.methodNotAllowed();
        }
        return kind.subresources().contains(subresource)
                ? Statuses.notSupportedYet(kind, subresource)
                : Statuses.unknownPath();
    }

    Answer list(ApiRequest request, ApiPath path, Served served) {
        ResourceKind kind = served.kind();
        View view = request.view();
        Query query = request.query();
        ListOptions options = query.list();
        OptionCheck.list(query);
        KubeList list = served.store().list(kind, path.namespace(), options);
        boolean exact = query.text("resourceVersionMatch").equals(OptionCheck.EXACT);
        if (exact && !query.text("resourceVersion").equals(list.resourceVersion())) {
            throw Statuses.tooOld();
        }
        return Answer.json(
                200,
                switch (view.form()) {
                    case TABLE -> table(request, kind, view, list.items(), Wire.listMeta(list), true);
                    case PARTIAL_LIST -> partialList(list, view.version());
                    case OBJECT -> Wire.list(kind, list);
                    case PARTIAL, DISCOVERY -> throw Statuses.notAcceptable();
                });
    }

    /** Hands the connection over to a {@link WatchStream}; the container's thread is free afterwards. */
    void watch(ApiRequest request, ApiPath path, Served served, jakarta.servlet.http.HttpServletResponse response) {
        Query query = request.query();
        ListOptions options = named(query.list(), path.name());
        OptionCheck.watch(query);
        View view = request.view();
        Function<KubeObject, Object> encoder = encoder(request, served.kind(), view);
        watches.start(
                request.http(),
                response,
                query.number("timeoutSeconds"),
                encoder,
                watcher -> served.store().watch(served.kind(), path.namespace(), options, watcher));
    }

    private static ListOptions named(ListOptions options, String name) {
        return name.isEmpty() ? options : options.withFields(io.skep.kube.api.Selector.equalTo("metadata.name", name));
    }

    /** A table's columns go with the first event only, so the encoder remembers. */
    private Function<KubeObject, Object> encoder(ApiRequest request, ResourceKind kind, View view) {
        return switch (view.form()) {
            case OBJECT -> object -> Wire.tree(kind, object);
            case PARTIAL, PARTIAL_LIST -> object -> Tables.partial(object, view.version());
            case TABLE ->
                new Function<>() {
                    private boolean columns = true;

                    @Override
                    public Object apply(KubeObject object) {
                        Object table = table(request, kind, view, List.of(object), version(object), columns);
                        columns = false;
                        return table;
                    }
                };
            case DISCOVERY -> throw Statuses.notAcceptable();
        };
    }

    private Map<String, Object> table(
            ApiRequest request,
            ResourceKind kind,
            View view,
            List<KubeObject> objects,
            Map<String, Object> metadata,
            boolean columns) {
        Tables.Include include = switch (request.query().text("includeObject")) {
            case "None" -> Tables.Include.NONE;
            case "Object" -> Tables.Include.OBJECT;
            case "", "Metadata" -> Tables.Include.METADATA;
            default ->
                throw Statuses.badRequest(
                        "unrecognized includeObject value: " + request.query().text("includeObject"));
        };
        return tables.table(kind, objects, view.version(), metadata, include, columns);
    }

    private static Map<String, Object> version(KubeObject object) {
        return Map.of("resourceVersion", object.resourceVersion());
    }

    private static Map<String, Object> partialList(KubeList list, String version) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", "PartialObjectMetadataList");
        tree.put("apiVersion", "meta.k8s.io/" + version);
        tree.put("metadata", Wire.listMeta(list));
        List<Object> items = new ArrayList<>();
        list.items().forEach(item -> items.add(Tables.partial(item, version)));
        tree.put("items", items);
        return tree;
    }
}
