package io.skep.kube.embedded.internal.watch;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import java.util.Map;
import java.util.Set;

/**
 * The fields a kind's objects can be selected by.
 *
 * <p>Source: Kubernetes {@code pkg/apis/core/v1/conversion.go}, {@code pkg/registry/core/pod/strategy.go}.
 */
final class FieldLookup {

    private static final Map<ResourceKind, Set<String>> FIELDS = Map.of(
            Kinds.POD,
            Set.of(
                    "spec.nodeName",
                    "spec.restartPolicy",
                    "spec.schedulerName",
                    "spec.serviceAccountName",
                    "spec.hostNetwork",
                    "status.phase",
                    "status.podIP",
                    "status.nominatedNodeName"),
            Kinds.NODE,
            Set.of("spec.unschedulable"),
            Kinds.NAMESPACE,
            Set.of("status.phase"),
            Kinds.SECRET,
            Set.of("type"),
            Kinds.EVENT,
            Set.of(
                    "involvedObject.kind",
                    "involvedObject.namespace",
                    "involvedObject.name",
                    "involvedObject.uid",
                    "involvedObject.apiVersion",
                    "involvedObject.resourceVersion",
                    "involvedObject.fieldPath",
                    "reason",
                    "reportingComponent",
                    "source",
                    "type"));

    /** Booleans that Go writes out when they are not set. */
    private static final Set<String> BOOLEANS = Set.of("spec.unschedulable", "spec.hostNetwork");

    private FieldLookup() {}

    /** Refuses fields that can't be selected by; the kinds without a list of their own share one, and its words. */
    static void check(ResourceKind kind, Selector fields) {
        for (Selector.Requirement requirement : fields.requirements()) {
            String field = requirement.key();
            Set<String> own = FIELDS.getOrDefault(kind, Set.of());
            boolean known = field.equals("metadata.name")
                    || field.equals("metadata.namespace") && (kind.namespaced() || own.isEmpty())
                    || own.contains(field);
            if (!known) {
                throw new KubeException(Status.of(Status.BAD_REQUEST, 400, unknown(kind, field, own)));
            }
        }
    }

    private static String unknown(ResourceKind kind, String field, Set<String> own) {
        return own.isEmpty() && !kind.group().endsWith(".kubeedge.io")
                ? "\"" + field + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                : "field label not supported: " + field;
    }

    static String value(KubeObject object, String field) {
        if ("source".equals(field)) {
            String source = object.doc().text("source", "component");
            return source.isEmpty() ? object.doc().text("reportingComponent") : source;
        }
        String value = object.doc().text(field.split("\\."));
        return value.isEmpty() && BOOLEANS.contains(field) ? "false" : value;
    }
}
