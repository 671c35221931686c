package io.skep.edgecontroller.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.Optional;

/** Everything a node asks for besides itself and its pods. Worker threads; blocks on the store. */
final class ObjectRequests {

    private final ResourceStore store;
    private final NodeAccess access;

    ObjectRequests(ResourceStore store, NodeAccess access) {
        this.store = store;
        this.access = access;
    }

    /** Reads one object of a kind named {@code plural.group}; a kind the store has not got has no objects. */
    Reply query(String group, String plural, UpstreamRequest request) {
        ResourceKind kind = kind(group, plural)
                .orElseThrow(() -> new KubeException(Status.of(
                        Status.NOT_FOUND,
                        404,
                        (group.isEmpty() ? plural : plural + "." + group) + " \""
                                + request.path().name() + "\" not found")));
        return Reply.of(store.get(request.key(kind)).typed(kind));
    }

    Optional<ResourceKind> kind(String group, String plural) {
        return store.kinds().stream()
                .filter(k -> k.group().equals(group) && k.plural().equals(plural))
                .findFirst();
    }

    /** As {@link #query}, of what the node's own pods use. */
    Reply queryNeeded(ResourceKind kind, UpstreamRequest request) {
        if (!request.needed()) {
            access.mustBeNeeded(request.node(), request.key(kind));
        }
        return query(kind.group(), kind.plural(), request);
    }

    /** A token for a service account that a pod of this node runs as; nobody else's is given out. */
    Reply token(UpstreamRequest request) {
        ObjectKey account = request.key(Kinds.SERVICE_ACCOUNT);
        Doc asked = Json.object(request.content());
        access.mustRunAs(request.node(), account, asked.text("spec", "boundObjectRef", "name"));
        KubeObject answer = store.createSub(account, "token", new KubeObject(asked), WriteOptions.NONE);
        return Reply.of(answer.with("authentication.k8s.io/v1", "apiVersion").with("TokenRequest", "kind"));
    }

    Reply requestCertificate(ResourceKind kind, UpstreamRequest request) {
        return Reply.of(store.create(kind, "", new KubeObject(Json.object(request.content())), WriteOptions.NONE));
    }

    /** A message that came twice finds its event there already: the newer text wins. */
    Reply createEvent(UpstreamRequest request) {
        return recordEvent(request, Json.object(request.content()));
    }

    private Reply recordEvent(UpstreamRequest request, Doc content) {
        KubeObject event = new KubeObject(content).without("metadata", "resourceVersion");
        String namespace = event.namespace().isEmpty() ? request.path().namespace() : event.namespace();
        try {
            return Reply.of(store.create(Kinds.EVENT, namespace, event.without("metadata", "uid"), WriteOptions.NONE));
        } catch (KubeException e) {
            if (!Status.ALREADY_EXISTS.equals(e.reason())) {
                throw e;
            }
            ObjectKey key = new ObjectKey(Kinds.EVENT, namespace, event.name());
            return Reply.of(store.update(key, "", event, WriteOptions.NONE));
        }
    }

    /** {@code {"event":Event,"patchData":"<text>"}}; an event that expired meanwhile is made anew. */
    Reply patchEvent(UpstreamRequest request) {
        Doc content = Json.object(request.content());
        KubeObject event = new KubeObject(content.object("event"));
        String namespace = event.namespace().isEmpty() ? request.path().namespace() : event.namespace();
        String name = event.name().isEmpty() ? request.path().name() : event.name();
        Patch patch = new Patch(PatchType.STRATEGIC_MERGE, content.text("patchData"));
        try {
            return Reply.of(store.patch(new ObjectKey(Kinds.EVENT, namespace, name), "", patch, WriteOptions.NONE));
        } catch (KubeException e) {
            if (!Status.NOT_FOUND.equals(e.reason())) {
                throw e;
            }
            return recordEvent(request, content.object("event"));
        }
    }
}
