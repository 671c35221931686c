package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Quantity;
import io.skep.kube.api.Status;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What its RuntimeClass makes of a new pod: its overhead, where it may run, what it tolerates. A pod that is stored
 * already keeps what it was given.
 *
 * <p>Source: the behaviour of Kubernetes' admission plug-in {@code RuntimeClass}, whose messages these are.
 */
public final class RuntimeClassAdmission {

    private static final String SPEC = "spec";
    private static final String OVERHEAD = "overhead";
    private static final String SCHEDULING = "scheduling";
    private static final String NODE_SELECTOR = "nodeSelector";
    private static final String TOLERATIONS = "tolerations";

    private final Function<String, Optional<KubeObject>> classes;

    /** {@code classes} finds a RuntimeClass by its name. */
    public RuntimeClassAdmission(Function<String, Optional<KubeObject>> classes) {
        this.classes = classes;
    }

    /** The pod as its class wants it. */
    public KubeObject admit(KubeObject pod) {
        String name = pod.spec().text("runtimeClassName");
        Doc runtimeClass = Doc.EMPTY;
        if (!name.isEmpty()) {
            runtimeClass = classes.apply(name)
                    .orElseThrow(() -> refused(pod, "pod rejected: RuntimeClass \"" + name + "\" not found"))
                    .doc();
        }
        return tolerating(selecting(burdened(pod, runtimeClass), runtimeClass), runtimeClass);
    }

    private static KubeObject burdened(KubeObject pod, Doc runtimeClass) {
        Doc own = pod.spec().object(OVERHEAD);
        if (!runtimeClass.has(OVERHEAD)) {
            if (!own.isEmpty()) {
                throw refused(
                        pod, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
            }
            return pod;
        }
        Doc fixed = runtimeClass.object(OVERHEAD, "podFixed");
        if (pod.spec().has(OVERHEAD) && !amounts(own).equals(amounts(fixed))) {
            throw refused(pod, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }
        return fixed.isEmpty() ? pod : pod.with(fixed, SPEC, OVERHEAD);
    }

    private static Map<String, BigDecimal> amounts(Doc quantities) {
        Map<String, BigDecimal> amounts = new HashMap<>();
        quantities
                .textMap()
                .forEach((name, text) ->
                        amounts.put(name, Quantity.parse(text).amount().stripTrailingZeros()));
        return amounts;
    }

    private static KubeObject selecting(KubeObject pod, Doc runtimeClass) {
        Map<String, String> wanted = runtimeClass.textMap(SCHEDULING, NODE_SELECTOR);
        if (wanted.isEmpty()) {
            return pod;
        }
        Map<String, String> merged = new LinkedHashMap<>(pod.spec().textMap(NODE_SELECTOR));
        wanted.forEach((key, value) -> {
            String own = merged.put(key, value);
            if (own != null && !own.equals(value)) {
                throw refused(
                        pod,
                        "conflict: runtimeClass.scheduling.nodeSelector[" + key + "] = " + value
                                + "; pod.spec.nodeSelector[" + key + "] = " + own);
            }
        });
        return pod.with(merged, SPEC, NODE_SELECTOR);
    }

    private static KubeObject tolerating(KubeObject pod, Doc runtimeClass) {
        List<Doc> more = runtimeClass.objects(SCHEDULING, TOLERATIONS);
        if (more.isEmpty()) {
            return pod;
        }
        List<Doc> all = new ArrayList<>(pod.spec().objects(TOLERATIONS));
        all.addAll(more);
        List<Doc> needed = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Doc toleration = all.get(i);
            boolean covered = needed.stream().anyMatch(other -> covers(other, toleration))
                    || all.subList(i + 1, all.size()).stream()
                            .anyMatch(other -> !other.equals(toleration) && covers(other, toleration));
            if (!covered) {
                needed.add(toleration);
            }
        }
        return pod.with(needed, SPEC, TOLERATIONS);
    }

    /** Whether whoever has {@code wide} does not need {@code narrow}. */
    private static boolean covers(Doc wide, Doc narrow) {
        if (wide.equals(narrow)) {
            return true;
        }
        boolean exists = wide.text("operator").equals("Exists");
        boolean key =
                wide.text("key").equals(narrow.text("key")) || wide.text("key").isEmpty() && exists;
        boolean effect = wide.text("effect").isEmpty() || wide.text("effect").equals(narrow.text("effect"));
        boolean longer = !wide.text("effect").equals("NoExecute")
                || wide.number(Long.MAX_VALUE, "tolerationSeconds")
                        >= narrow.number(Long.MAX_VALUE, "tolerationSeconds");
        boolean value = exists
                || narrow.text("operator").equals("Equal")
                        && narrow.text("value").equals(wide.text("value"));
        return key && effect && longer && value;
    }

    private static KubeException refused(KubeObject pod, String why) {
        return new KubeException(Status.forbidden(Kinds.POD, pod.name(), why));
    }
}
