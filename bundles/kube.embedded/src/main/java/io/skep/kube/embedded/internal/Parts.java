package io.skep.kube.embedded.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.rules.Rules;
import java.util.List;

/** Which part of an object a write through a subresource may change. */
final class Parts {

    private static final String STATUS = "status";
    /** Of pods. */
    static final String EPHEMERAL = "ephemeralcontainers";

    private static final String FINALIZE = "finalize";

    private Parts() {}

    /** {@code before} with the part of {@code after} that belongs to {@code subresource}. */
    static KubeObject written(ResourceKind kind, String subresource, KubeObject before, KubeObject after) {
        if (!subresource.isEmpty() && !kind.subresources().contains(subresource)) {
            throw new KubeException(
                    Status.of(Status.NOT_FOUND, 404, "the server could not find the requested resource"));
        }
        return switch (subresource) {
            case "" -> wanted(kind, before, after);
            case STATUS -> status(kind, before, after);
            case EPHEMERAL -> before.with(after.spec().items("ephemeralContainers"), "spec", "ephemeralContainers");
            case FINALIZE -> before.with(after.spec().items("finalizers"), "spec", "finalizers");
            default ->
                throw new KubeException(Status.of(
                        Status.METHOD_NOT_ALLOWED, 405, "the server does not allow this method on " + subresource));
        };
    }

    /** All but what has a subresource of its own. */
    private static KubeObject wanted(ResourceKind kind, KubeObject before, KubeObject after) {
        KubeObject written = kind.subresources().contains(STATUS) ? same(STATUS, before, after) : after;
        return kind.subresources().contains(FINALIZE) ? same("spec", before, written) : written;
    }

    private static KubeObject status(ResourceKind kind, KubeObject before, KubeObject after) {
        KubeObject written = same(STATUS, after, before);
        if (Rules.of(kind).metadataByStatus()) {
            for (String field : List.of("labels", "annotations", "finalizers")) {
                written = after.doc().has("metadata", field)
                        ? written.with(after.doc().at("metadata", field).orElseThrow(), "metadata", field)
                        : written.without("metadata", field);
            }
        }
        boolean lostQos =
                kind.equals(Kinds.POD) && after.status().text("qosClass").isEmpty();
        return lostQos ? written.with(before.status().text("qosClass"), STATUS, "qosClass") : written;
    }

    /** {@code to} with a field as {@code from} has it. */
    private static KubeObject same(String field, KubeObject from, KubeObject to) {
        return from.doc().has(field) ? to.with(from.doc().object(field), field) : to.without(field);
    }

    /** What {@code metadata.generation} counts changes of. */
    static Doc desired(KubeObject object) {
        return object.doc().without("metadata").without(STATUS);
    }
}
