package io.skep.edgecontroller.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a node says about itself. Worker threads; blocks on the store.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/edgecontroller/controller/upstream.go}.
 */
final class NodeRequests {

    private final ResourceStore store;
    private final NodeMarks marks;

    NodeRequests(ResourceStore store, NodeMarks marks) {
        this.store = store;
        this.marks = marks;
    }

    Reply register(UpstreamRequest request) {
        ObjectKey key = own(request);
        KubeObject node = new KubeObject(Json.object(request.content()))
                .with(key.name(), "metadata", "name")
                .without("metadata", "resourceVersion")
                .without("metadata", "uid");
        KubeObject created = store.create(Kinds.NODE, "", node, WriteOptions.NONE);
        // A server may drop the status of what is created; the node reports only what changes afterwards.
        if (!node.status().isEmpty() && created.status().isEmpty()) {
            created = store.update(
                    key,
                    "status",
                    created.with(node.status(), "status").without("metadata", "resourceVersion"),
                    WriteOptions.NONE);
        }
        return Reply.of(created);
    }

    /** The legacy form: a node that exists already is fine. */
    Reply registerLegacy(UpstreamRequest request) {
        try {
            return register(request);
        } catch (KubeException e) {
            if (Status.ALREADY_EXISTS.equals(e.reason())) {
                return Reply.DONE;
            }
            throw e;
        }
    }

    Reply query(UpstreamRequest request) {
        return Reply.of(store.get(request.key(Kinds.NODE)));
    }

    /** Labels and annotations of the node are merged into the live one. */
    Reply update(UpstreamRequest request) {
        ObjectKey key = own(request);
        Doc node = Json.object(request.content());
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (String field : new String[] {"labels", "annotations"}) {
            if (!node.object("metadata", field).isEmpty()) {
                metadata.put(field, node.object("metadata", field).asMap());
            }
        }
        String patch = Json.text(Map.of("metadata", metadata));
        return Reply.of(store.patch(key, "", new Patch(PatchType.STRATEGIC_MERGE, patch), WriteOptions.NONE));
    }

    Reply patchStatus(UpstreamRequest request) {
        ObjectKey key = own(request);
        Patch patch = new Patch(PatchType.STRATEGIC_MERGE, Json.string(request.content()));
        return Reply.of(marks.reachable(store.patch(key, "status", patch, WriteOptions.NONE)));
    }

    /** The legacy form: {@code {"UID","Status","ExtendResources"}}. */
    Reply replaceStatus(UpstreamRequest request) {
        ObjectKey key = own(request);
        Doc report = Json.object(request.content());
        KubeObject live = store.get(key);
        KubeObject next = live.with(report.object("Status"), "status").without("metadata", "resourceVersion");
        return Reply.of(marks.reachable(store.update(key, "status", next, WriteOptions.NONE)));
    }

    private static ObjectKey own(UpstreamRequest request) {
        ObjectKey key = request.key(Kinds.NODE);
        request.mustBeOwn(key.name());
        return key;
    }
}
