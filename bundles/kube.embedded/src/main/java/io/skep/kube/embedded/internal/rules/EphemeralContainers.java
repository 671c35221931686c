package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What may be added to a pod that runs, to look into it.
 *
 * <p>Source: Kubernetes {@code pkg/apis/core/validation/validation.go}, {@code ValidatePodEphemeralContainersUpdate}.
 */
public final class EphemeralContainers {

    private static final String PATH = "spec.ephemeralContainers";
    private static final List<String> FOREIGN =
            List.of("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resources");

    private EphemeralContainers() {}

    /** A new pod has none. */
    public static void checkNew(KubeObject pod, Causes causes) {
        if (!pod.spec().items("ephemeralContainers").isEmpty()) {
            causes.forbidden(PATH, "cannot be set on create");
        }
    }

    /** None is taken away or changed, and what is new can stand beside the pod's containers. */
    public static void check(KubeObject before, KubeObject after, Causes causes) {
        List<Doc> old = before.spec().objects("ephemeralContainers");
        List<Doc> all = after.spec().objects("ephemeralContainers");
        for (Doc each : old) {
            boolean there = all.stream().anyMatch(c -> c.text("name").equals(each.text("name")));
            if (!there || !all.contains(each)) {
                causes.forbidden(
                        PATH,
                        "existing ephemeral containers \"" + each.text("name") + "\" may not be "
                                + (there ? "changed" : "removed") + "\n");
            }
        }
        Set<String> names = new HashSet<>();
        List<String> targets = containers(after).map(c -> c.text("name")).toList();
        names.addAll(targets);
        for (int i = 0; i < all.size(); i++) {
            check(all.get(i), PATH + "[" + i + "]", names, targets, causes);
        }
    }

    private static Stream<Doc> containers(KubeObject pod) {
        return Stream.of("containers", "initContainers").flatMap(list -> pod.spec().objects(list).stream());
    }

    private static void check(Doc container, String path, Set<String> names, List<String> targets, Causes causes) {
        String name = container.text("name");
        if (name.isEmpty()) {
            causes.required(path + ".name");
        } else if (!names.add(name)) {
            causes.duplicate(path + ".name", name);
        }
        if (container.text("image").isEmpty()) {
            causes.required(path + ".image");
        }
        FOREIGN.stream()
                .filter(field -> container
                        .at(field)
                        .filter(value -> !value.equals(java.util.Map.of()))
                        .isPresent())
                .forEach(field -> causes.forbidden(path + "." + field, "cannot be set for an Ephemeral Container"));
        String target = container.text("targetContainerName");
        if (!target.isEmpty() && !targets.contains(target)) {
            causes.invalid(path + ".targetContainerName", target, "container \"" + target + "\" not found");
        }
    }
}
