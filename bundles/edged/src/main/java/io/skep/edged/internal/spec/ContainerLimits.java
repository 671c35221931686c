package io.skep.edged.internal.spec;

import io.skep.kube.api.Doc;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Capabilities;
import io.skep.runtime.api.SecurityContext.RunAs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a container may use and do, in the runtime's terms.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/qos/policy.go} and {@code pkg/kubelet/cm/helpers_linux.go}.
 */
public final class ContainerLimits {

    private static final String PROFILES = "/var/lib/kubelet/seccomp/";
    private static final int GUARANTEED_OOM_SCORE = -997;
    private static final int BEST_EFFORT_OOM_SCORE = 1000;
    private static final long MIN_SHARES = 2;
    private static final long SHARES_PER_CPU = 1024;

    private ContainerLimits() {}

    /** Limits, weight and the kernel's inclination to kill it; {@code nodeMemoryBytes} is the whole machine's. */
    public static Resources resources(Pod pod, ContainerSpec container, long nodeMemoryBytes) {
        long cpuLimit = container.amount("limits", "cpu").orElse(0L);
        long cpuRequest = container.amount("requests", "cpu").orElse(cpuLimit);
        long memoryLimit = container.amount("limits", "memory").orElse(0L);
        long shares = Math.max(MIN_SHARES, cpuRequest * SHARES_PER_CPU / 1000);
        return new Resources(cpuLimit, shares, memoryLimit, oomScore(pod, container, nodeMemoryBytes));
    }

    private static int oomScore(Pod pod, ContainerSpec container, long nodeMemoryBytes) {
        switch (pod.qosClass()) {
            case "Guaranteed":
                return GUARANTEED_OOM_SCORE;
            case "BestEffort":
                return BEST_EFFORT_OOM_SCORE;
            default:
                long limit = container.amount("limits", "memory").orElse(0L);
                long request = container.amount("requests", "memory").orElse(limit);
                long score = 1000 - 1000 * request / Math.max(1, nodeMemoryBytes);
                return (int) Math.max(3, Math.min(BEST_EFFORT_OOM_SCORE - 1, score));
        }
    }

    /**
     * Whether it must not run as root and its image decides on that.
     *
     * @throws ConfigException when it asks for root and must not run as such
     */
    public static boolean needsNonRootImage(Pod pod, ContainerSpec container) throws ConfigException {
        Doc own = container.doc().object("securityContext");
        Doc shared = pod.spec().object("securityContext");
        Optional<Long> user = user(own, shared);
        boolean nonRoot = own.flag(shared.flag(false, "runAsNonRoot"), "runAsNonRoot");
        if (nonRoot && user.isPresent() && user.get() == 0) {
            throw refused("container's runAsUser breaks non-root policy", pod, container);
        }
        return nonRoot && user.isEmpty();
    }

    /**
     * Refuses an image that runs as root, and one of whose user that can't be told.
     *
     * @param user as in {@link io.skep.runtime.api.Image#user()}
     */
    public static void requireNonRoot(String user, Pod pod, ContainerSpec container) throws ConfigException {
        if (user.isEmpty() || user.equals("0")) {
            throw refused("container has runAsNonRoot and image will run as root", pod, container);
        }
        if (!user.chars().allMatch(Character::isDigit)) {
            throw refused(
                    "container has runAsNonRoot and image has non-numeric user (" + user
                            + "), cannot verify user is non-root",
                    pod,
                    container);
        }
    }

    private static ConfigException refused(String why, Pod pod, ContainerSpec container) {
        return new ConfigException(why + " (pod: \"" + pod.name() + "_" + pod.namespace() + "(" + pod.uid()
                + ")\", container: " + container.name() + ")");
    }

    /** Who it runs as and what it may: the container's word, else the pod's. */
    public static SecurityContext security(Pod pod, ContainerSpec container) {
        Doc own = container.doc().object("securityContext");
        Doc shared = pod.spec().object("securityContext");
        List<Long> groups = new ArrayList<>();
        shared.items("supplementalGroups").forEach(group -> {
            if (group instanceof Number number) {
                groups.add(number.longValue());
            }
        });
        id(shared, "fsGroup").filter(group -> !groups.contains(group)).ifPresent(groups::add);
        return new SecurityContext(
                new RunAs(user(own, shared), id(own, "runAsGroup").or(() -> id(shared, "runAsGroup")), groups),
                own.flag(false, "privileged"),
                own.flag(false, "readOnlyRootFilesystem"),
                !own.flag(true, "allowPrivilegeEscalation"),
                new Capabilities(own.texts("capabilities", "add"), own.texts("capabilities", "drop")),
                seccomp(own.has("seccompProfile") ? own : shared));
    }

    /** Profiles of one's own lie where kubelet looks for them. */
    private static String seccomp(Doc context) {
        String type = context.text("seccompProfile", "type");
        return type.equals("Localhost")
                ? "Localhost/" + PROFILES + context.text("seccompProfile", "localhostProfile")
                : type;
    }

    private static Optional<Long> user(Doc own, Doc shared) {
        return id(own, "runAsUser").or(() -> id(shared, "runAsUser"));
    }

    private static Optional<Long> id(Doc context, String field) {
        return context.has(field) ? Optional.of(context.number(0, field)) : Optional.empty();
    }
}
