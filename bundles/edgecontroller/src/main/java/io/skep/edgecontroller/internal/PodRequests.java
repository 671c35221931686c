package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Message;
import io.skep.kube.api.DeleteOptions;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a node says about its pods. Worker threads; blocks on the store.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/edgecontroller/controller/upstream.go}.
 */
final class PodRequests {

    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private final ResourceStore store;

    PodRequests(ResourceStore store) {
        this.store = store;
    }

    /** A static pod shows itself to the cloud. */
    Reply createMirror(UpstreamRequest request) {
        ObjectKey key = request.key(Kinds.POD);
        KubeObject pod = new KubeObject(Json.object(request.content()))
                .with(key.name(), "metadata", "name")
                .without("metadata", "resourceVersion");
        request.mustBeOwn(pod.spec().text("nodeName"));
        return Reply.of(store.create(Kinds.POD, key.namespace(), pod, WriteOptions.NONE));
    }

    /**
     * Changes the status, and never deletes: the node asks for that itself once it has this answer. A delete that overtook the
     * answer would have EdgeCore write the pod into its database again after it was erased there.
     */
    Reply patchStatus(UpstreamRequest request) {
        ObjectKey key = request.key(Kinds.POD);
        KubeObject live = own(request, key);
        String uid = Json.object(request.content()).text("metadata", "uid");
        if (!uid.isEmpty() && !uid.equals(live.uid())) {
            throw otherUid(key, uid, live);
        }
        Patch patch = new Patch(PatchType.STRATEGIC_MERGE, Json.string(request.content()));
        return Reply.of(store.patch(key, "status", patch, WriteOptions.NONE));
    }

    private static KubeException otherUid(ObjectKey key, String uid, KubeObject live) {
        return new KubeException(Status.conflict(
                key.kind(),
                key.name(),
                "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + live.uid()));
    }

    /**
     * Deletes. That the pod is gone, or that another of its name is there now, is what the node wanted to hear: what it
     * asked for holds.
     */
    Reply delete(UpstreamRequest request) {
        ObjectKey key = request.key(Kinds.POD);
        DeleteOptions options = deleteOptions(request);
        Optional<KubeObject> live = Reflector.lookUp(store, key);
        boolean other = live.isPresent()
                && !options.uid().isEmpty()
                && !options.uid().equals(live.get().uid());
        if (live.isEmpty() || other) {
            return Reply.DONE;
        }
        request.mustBeOwn(live.get().spec().text("nodeName"));
        delete(key, options.uid().isEmpty() ? options.onlyUid(live.get().uid()) : options);
        return Reply.DONE;
    }

    private void delete(ObjectKey key, DeleteOptions options) {
        try {
            store.delete(key, options);
        } catch (KubeException e) {
            if (!Status.NOT_FOUND.equals(e.reason()) && !Status.CONFLICT.equals(e.reason())) {
                throw e;
            }
        }
    }

    /** Options as an object, or the uid alone as older nodes send it, which then means at once. */
    private static DeleteOptions deleteOptions(UpstreamRequest request) {
        String text = Json.string(request.content());
        if (!text.startsWith("{")) {
            return text.equals("null") ? DeleteOptions.NOW : DeleteOptions.NOW.onlyUid(text);
        }
        Doc options = Json.object(request.content());
        OptionalLong grace = options.has("gracePeriodSeconds")
                ? OptionalLong.of(options.number(0, "gracePeriodSeconds"))
                : OptionalLong.empty();
        return new DeleteOptions(
                grace,
                options.text("preconditions", "uid"),
                options.text("preconditions", "resourceVersion"),
                DeleteOptions.Propagation.BACKGROUND,
                false);
    }

    /** The legacy form: one status or many, each with uid and name. */
    Reply replaceStatus(UpstreamRequest request) {
        List<Message> pushes = new ArrayList<>();
        for (Doc report : Json.objects(request.content())) {
            String name = request.path().name().isEmpty()
                    ? report.text("Name")
                    : request.path().name();
            ObjectKey key = new ObjectKey(Kinds.POD, request.path().namespace(), name);
            Optional<KubeObject> live = Reflector.lookUp(store, key);
            if (live.isEmpty() || !live.get().uid().equals(report.text("UID"))) {
                pushes.add(Wire.gone(request.node(), Kinds.POD.kind(), key.namespace(), name, ""));
                continue;
            }
            request.mustBeOwn(live.get().spec().text("nodeName"));
            KubeObject next = live.get().with(report.object("Status"), "status").without("metadata", "resourceVersion");
            removeIfEnded(key, store.update(key, "status", next, WriteOptions.NONE));
        }
        return new Reply(Optional.empty(), pushes);
    }

    private void removeIfEnded(ObjectKey key, KubeObject pod) {
        if (pod.deletionTimestamp().isPresent() && hasEnded(pod)) {
            delete(key, DeleteOptions.NOW.onlyUid(pod.uid()));
        }
    }

    /** Whether the node says that no container of a pod lives, or will again. */
    private static boolean hasEnded(KubeObject pod) {
        List<Doc> containers = new ArrayList<>(pod.status().objects("containerStatuses"));
        containers.addAll(pod.status().objects("initContainerStatuses"));
        boolean running = containers.stream().anyMatch(c -> c.has("state", "running"));
        boolean allTerminated = !containers.isEmpty()
                && pod.status().objects("containerStatuses").size()
                        == pod.spec().objects("containers").size()
                && containers.stream().allMatch(c -> c.has("state", "terminated"));
        return !running && (allTerminated || ENDED.contains(pod.status().text("phase")));
    }

    private KubeObject own(UpstreamRequest request, ObjectKey key) {
        KubeObject live = store.get(key);
        request.mustBeOwn(live.spec().text("nodeName"));
        return live;
    }
}
