package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rules of each kind. A new kind is a line here, or none. */
public final class Rules {

    private static final Map<ResourceKind, KindRules> RULES = Map.ofEntries(
            Map.entry(
                    Kinds.POD,
                    KindRules.PLAIN
                            .defaulting(PodDefaults::fill)
                            .beginning(PodDefaults::begin)
                            .validating(PodValidation::check)
                            .changing(PodChange::check)),
            Map.entry(
                    Kinds.NAMESPACE,
                    KindRules.PLAIN
                            .labelNames()
                            .defaulting(Rules::namespaceLabel)
                            .beginning(Rules::newNamespace)),
            Map.entry(Kinds.NODE, KindRules.PLAIN.validating(NodeValidation::check)),
            Map.entry(
                    Kinds.CONFIG_MAP,
                    KindRules.PLAIN
                            .validating(ConfigValidation::checkConfigMap)
                            .changing(ConfigValidation::checkConfigMapChange)),
            Map.entry(
                    Kinds.SECRET,
                    KindRules.PLAIN
                            .defaulting(ConfigValidation::secretDefaults)
                            .validating(ConfigValidation::checkSecret)
                            .changing(ConfigValidation::checkSecretChange)),
            Map.entry(Kinds.EVENT, KindRules.PLAIN.validating(Rules::checkEvent)),
            Map.entry(Kinds.LEASE, KindRules.PLAIN.validating(Rules::checkLease)),
            Map.entry(
                    Kinds.RUNTIME_CLASS,
                    KindRules.PLAIN
                            .validating(RuntimeClassValidation::check)
                            .changing(RuntimeClassValidation::checkChange)),
            Map.entry(Kinds.OBJECT_SYNC, KindRules.CUSTOM),
            Map.entry(Kinds.CLUSTER_OBJECT_SYNC, KindRules.CUSTOM));

    /** What holds a namespace until nothing is left in it. */
    public static final String NAMESPACE_FINALIZER = "kubernetes";

    private Rules() {}

    public static KindRules of(ResourceKind kind) {
        return RULES.getOrDefault(kind, KindRules.PLAIN);
    }

    private static KubeObject namespaceLabel(KubeObject namespace) {
        return namespace.with(namespace.name(), "metadata", "labels", "kubernetes.io/metadata.name");
    }

    private static KubeObject newNamespace(KubeObject namespace) {
        List<Object> finalizers = new ArrayList<>(namespace.spec().items("finalizers"));
        if (!finalizers.contains(NAMESPACE_FINALIZER)) {
            finalizers.add(NAMESPACE_FINALIZER);
        }
        return namespace.with(finalizers, "spec", "finalizers").with(Map.of("phase", "Active"), "status");
    }

    private static void checkEvent(KubeObject event, Causes causes) {
        String about = event.doc().text("involvedObject", "namespace");
        if (!about.isEmpty() && !about.equals(event.namespace())) {
            causes.invalid("involvedObject.namespace", about, "does not match event.namespace");
        }
    }

    private static void checkLease(KubeObject lease, Causes causes) {
        if (lease.doc().number(1, "spec", "leaseDurationSeconds") <= 0) {
            causes.invalid(
                    "spec.leaseDurationSeconds",
                    lease.doc().number(0, "spec", "leaseDurationSeconds"),
                    "must be greater than 0");
        }
    }
}
