package io.skep.kube.rest.internal.api;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.rest.internal.api.Catalog.Served;
import io.skep.kube.rest.internal.schema.FieldCheck;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Create, update, patch and delete. */
final class Writes {

    /** Subresources that need a way to the node. */
    private static final Set<String> STREAMS = Set.of("log", "exec", "attach", "portforward", "proxy");

    /** What is posted to rather than read or written. */
    static final Set<String> CREATED = Set.of("binding", "eviction", "token");

    /** Kinds whose delete is answered with the object even when it is gone. */
    private static final Set<String> ANSWERED_WITH_OBJECT = Set.of("namespaces", "pods", "serviceaccounts");

    private static final String CREATE = "CreateOptions";
    private static final String ALL_PATCHES =
            Stream.of(PatchType.values()).map(PatchType::mediaType).collect(Collectors.joining(", "));

    private final BodyCheck check;
    private final PatchCheck patchCheck;

    Writes(FieldCheck fields) {
        this.check = new BodyCheck(fields);
        this.patchCheck = new PatchCheck(fields);
    }

    Answer create(ApiRequest request, ApiPath path, Served served) {
        ResourceKind kind = served.kind();
        if (kind.namespaced() && path.namespace().isEmpty()) {
            throw Statuses.methodNotAllowed();
        }
        OptionCheck.write(request.query(), CREATE, true);
        BodyCheck.Checked body = check.object(request, kind, path);
        KubeObject created = served.store()
                .create(kind, path.namespace(), body.object(), request.query().write());
        return Answer.json(201, Wire.tree(kind, created)).warning(body.warnings());
    }

    Answer createSub(ApiRequest request, ApiPath path, Served served) {
        ResourceKind kind = served.kind();
        if (STREAMS.contains(path.subresource())) {
            throw Statuses.notSupportedYet(kind, path.subresource());
        }
        requireSubresource(kind, path.subresource());
        if (!CREATED.contains(path.subresource())) {
            throw Statuses.methodNotAllowed();
        }
        OptionCheck.write(request.query(), CREATE, true);
        BodyCheck.Checked body = check.subresource(request);
        KubeObject answer = served.store()
                .createSub(
                        new ObjectKey(kind, path.namespace(), path.name()),
                        path.subresource(),
                        body.object(),
                        request.query().write());
        return Answer.object(201, answer).warning(body.warnings());
    }

    Answer update(ApiRequest request, ApiPath path, Served served) {
        ResourceKind kind = served.kind();
        requireSubresource(kind, path.subresource());
        OptionCheck.write(request.query(), "UpdateOptions", true);
        BodyCheck.Checked body = check.object(request, kind, path);
        KubeObject updated = served.store()
                .update(
                        new ObjectKey(kind, path.namespace(), path.name()),
                        path.subresource(),
                        body.object(),
                        request.query().write());
        return Answer.json(200, Wire.tree(kind, updated)).warning(body.warnings());
    }

    Answer patch(ApiRequest request, ApiPath path, Served served) {
        ResourceKind kind = served.kind();
        requireSubresource(kind, path.subresource());
        PatchType type = PatchType.ofMediaType(request.contentType())
                .orElseThrow(() -> Statuses.unsupportedMediaType(ALL_PATCHES));
        OptionCheck.write(request.query(), "PatchOptions", type == PatchType.APPLY);
        byte[] body = request.body();
        List<String> warnings = patchCheck.warnings(request.query(), kind, type, body);
        KubeObject patched = served.store()
                .patch(
                        new ObjectKey(kind, path.namespace(), path.name()),
                        path.subresource(),
                        new Patch(type, new String(body, StandardCharsets.UTF_8)),
                        request.query().write());
        return Answer.json(200, Wire.tree(kind, patched)).warning(warnings);
    }

    Answer delete(ApiRequest request, ApiPath path, Served served) {
        ResourceKind kind = served.kind();
        if (!path.subresource().isEmpty()) {
            throw Statuses.methodNotAllowed();
        }
        DeleteOptions options = request.query().delete(request.documentIfAny());
        KubeObject deleted = served.store().delete(new ObjectKey(kind, path.namespace(), path.name()), options);
        boolean stays = deleted.deletionTimestamp().isPresent() || ANSWERED_WITH_OBJECT.contains(kind.plural());
        return Answer.json(200, stays ? Wire.tree(kind, deleted) : success(kind, deleted));
    }

    /**
     * Only within one namespace, and never of namespaces. One delete after the other; what somebody else deletes meanwhile is
     * no failure.
     */
    Answer deleteCollection(ApiRequest request, ApiPath path, Served served) {
        ResourceKind kind = served.kind();
        if (kind.namespaced() ? path.namespace().isEmpty() : kind.plural().equals("namespaces")) {
            throw Statuses.methodNotAllowed();
        }
        DeleteOptions options = request.query().delete(request.documentIfAny());
        ListOptions chosen = request.query().list();
        KubeList list = served.store().list(kind, path.namespace(), chosen);
        for (KubeObject object : list.items()) {
            try {
                served.store().delete(new ObjectKey(kind, object.namespace(), object.name()), options);
            } catch (KubeException e) {
                if (!e.reason().equals(Status.NOT_FOUND)) {
                    throw e;
                }
            }
        }
        return Answer.json(200, Wire.list(kind, list));
    }

    private static Map<String, Object> success(ResourceKind kind, KubeObject deleted) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", deleted.name());
        if (!kind.group().isEmpty()) {
            details.put("group", kind.group());
        }
        details.put("kind", kind.plural());
        details.put("uid", deleted.uid());
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.put("metadata", Map.of());
        status.put("status", "Success");
        status.put("details", details);
        return Doc.of(status).asMap();
    }

    private static void requireSubresource(ResourceKind kind, String subresource) {
        if (STREAMS.contains(subresource)) {
            throw Statuses.notSupportedYet(kind, subresource);
        }
        if (!subresource.isEmpty() && !kind.subresources().contains(subresource)) {
            throw Statuses.unknownPath();
        }
    }
}
