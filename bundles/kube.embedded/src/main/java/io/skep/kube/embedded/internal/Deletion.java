package io.skep.kube.embedded.internal;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.api.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a delete does to an object.
 *
 * <p>Source: Kubernetes {@code apiserver/pkg/registry/rest/delete.go}, {@code pkg/registry/core/pod/strategy.go}.
 *
 * @param effect what is to be done
 * @param object the object as it then is
 */
record Deletion(Effect effect, KubeObject object) {

    enum Effect {
        /** It goes now. */
        REMOVE,
        /** It is marked; a kubelet or finalizers hold it. */
        MARK,
        /** It was marked before. */
        NOTHING
    }

    private static final Set<String> PROTECTED = Set.of("default", "kube-system", "kube-public", "kube-node-lease");
    private static final long POD_GRACE_SECONDS = 30;

    static Deletion of(ResourceKind kind, KubeObject object, DeleteOptions options, Instant now) {
        checkAllowed(kind, object);
        if (object.doc().has("metadata", "deletionTimestamp")) {
            return again(kind, object, options);
        }
        long grace = grace(kind, object, options);
        KubeObject marked = withFinalizers(object, options)
                .with(Times.format(now.plusSeconds(grace)), "metadata", "deletionTimestamp")
                .with(grace, "metadata", "deletionGracePeriodSeconds");
        if (kind.equals(Kinds.NAMESPACE)) {
            marked = marked.with("Terminating", "status", "phase").without("metadata", "deletionGracePeriodSeconds");
        }
        boolean graceful = kind.equals(Kinds.POD);
        if (isFree(marked)) {
            return new Deletion(Effect.REMOVE, graceful ? marked : object);
        }
        return new Deletion(Effect.MARK, marked);
    }

    /** Whether nothing holds an object that is marked for deletion. */
    static boolean isFree(KubeObject object) {
        return object.doc().has("metadata", "deletionTimestamp")
                && object.doc().number(0, "metadata", "deletionGracePeriodSeconds") == 0
                && object.finalizers().isEmpty()
                && (!object.kind().equals(Kinds.NAMESPACE.kind())
                        || object.spec().items("finalizers").isEmpty());
    }

    /** An object that is being deleted can only be hurried. */
    private static Deletion again(ResourceKind kind, KubeObject object, DeleteOptions options) {
        long before = object.doc().number(0, "metadata", "deletionGracePeriodSeconds");
        long grace = notNegative(options.gracePeriodSeconds().orElse(before));
        if (grace >= before) {
            return new Deletion(isFree(object) ? Effect.REMOVE : Effect.NOTHING, object);
        }
        Instant sooner = object.deletionTimestamp().orElseThrow().minusSeconds(before - grace);
        KubeObject hurried = object.with(Times.format(sooner), "metadata", "deletionTimestamp")
                .with(grace, "metadata", "deletionGracePeriodSeconds");
        return new Deletion(isFree(hurried) ? Effect.REMOVE : Effect.MARK, hurried);
    }

    private static long grace(ResourceKind kind, KubeObject object, DeleteOptions options) {
        if (!kind.equals(Kinds.POD)) {
            return 0;
        }
        String phase = object.status().text("phase");
        boolean nobodyRunsIt =
                object.spec().text("nodeName").isEmpty() || phase.equals("Succeeded") || phase.equals("Failed");
        if (nobodyRunsIt) {
            return 0;
        }
        long asked = options.gracePeriodSeconds()
                .orElseGet(() -> object.spec().number(POD_GRACE_SECONDS, "terminationGracePeriodSeconds"));
        return notNegative(asked);
    }

    /** As Kubernetes: a negative grace is one second, not none. */
    private static long notNegative(long seconds) {
        return seconds < 0 ? 1 : seconds;
    }

    /** The two ways in which what an object owns keeps it for a while. */
    private static KubeObject withFinalizers(KubeObject object, DeleteOptions options) {
        String finalizer = switch (options.propagation()) {
            case BACKGROUND -> "";
            case FOREGROUND -> GarbageFinalizers.FOREGROUND;
            case ORPHAN -> GarbageFinalizers.ORPHAN;
        };
        if (finalizer.isEmpty() || object.finalizers().contains(finalizer)) {
            return object;
        }
        List<String> finalizers = new ArrayList<>(object.finalizers());
        finalizers.add(finalizer);
        return object.with(finalizers, "metadata", "finalizers");
    }

    private static void checkAllowed(ResourceKind kind, KubeObject object) {
        if (kind.equals(Kinds.NAMESPACE) && PROTECTED.contains(object.name())) {
            throw new KubeException(new Status(
                    Status.FORBIDDEN,
                    403,
                    "namespaces \"" + object.name() + "\" is forbidden: this namespace may not be deleted",
                    io.skep.kube.api.Doc.of(Map.of("name", object.name(), "kind", "namespaces"))));
        }
    }
}
