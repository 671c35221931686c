package io.skep.runtime.cri.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The place of a pod among the cgroups, as {@code skep/burstable/pod1234}, in the notations of both drivers.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/cm/cgroup_manager_linux.go}, {@code ToSystemd}; systemd.slice(5).
 *
 * @param steps from the root down
 */
record PodCgroup(List<String> steps) {

    static final String SLICE = ".slice";

    PodCgroup {
        steps = List.copyOf(steps);
    }

    /** {@code below} is a path below {@code root}, {@code ""} for the root itself. */
    static PodCgroup of(String root, String below) {
        return new PodCgroup(Stream.of((root + "/" + below).split("/"))
                .filter(step -> !step.isEmpty())
                .toList());
    }

    /** The one a sandbox was told of, as {@link #parent} writes it: a slice's name holds its way. */
    static PodCgroup told(String parent) {
        return ofSystemd(parent)
                ? new PodCgroup(List.of(
                        parent.substring(0, parent.length() - SLICE.length()).split("-")))
                : of(parent, "");
    }

    static boolean ofSystemd(String parent) {
        return parent.endsWith(SLICE);
    }

    /** The one it is in; the root has no steps. */
    PodCgroup above() {
        return new PodCgroup(steps.subList(0, Math.max(0, steps.size() - 1)));
    }

    /** What CRI is told. */
    String parent(boolean systemd) {
        return systemd ? slice(steps.size()) : "/" + String.join("/", steps);
    }

    /** Where it is below a hierarchy's root. */
    Path folder(boolean systemd) {
        Path folder = Path.of("");
        for (int depth = 1; depth <= steps.size(); depth++) {
            folder = folder.resolve(systemd ? slice(depth) : steps.get(depth - 1));
        }
        return folder;
    }

    /** In a slice's name a hyphen leads one step down, so a step has none of its own. */
    private String slice(int depth) {
        return String.join(
                        "-",
                        steps.subList(0, depth).stream()
                                .map(step -> step.replace('-', '_'))
                                .toList())
                + SLICE;
    }
}
