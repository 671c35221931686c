package io.skep.edged.internal.spec;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Sysctls;
import io.skep.kube.api.Sysctls.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of the kernel that a pod may have in its own namespaces.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/sysctl}.
 */
public final class SysctlAllowlist {

    /** Those that concern no other pod. */
    private static final List<String> SAFE = List.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes");

    private static final int LENGTH = 253;
    private static final Pattern PATTERN =
            Pattern.compile("([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*([a-z0-9][-_a-z0-9]*)?[a-z0-9*]");

    private final List<String> patterns = new ArrayList<>(SAFE);

    private SysctlAllowlist() {}

    /**
     * @param unsafe others to allow, separated by commas, {@code *} at the end of one for all that begin so
     * @throws IllegalArgumentException when one is no name, or is of no namespace of a pod
     */
    public static SysctlAllowlist of(String unsafe) {
        SysctlAllowlist list = new SysctlAllowlist();
        for (String each : unsafe.split(",")) {
            String pattern = each.trim();
            if (!pattern.isEmpty()) {
                list.patterns.add(checked(pattern));
            }
        }
        return list;
    }

    private static String checked(String pattern) {
        if (pattern.length() > LENGTH || !PATTERN.matcher(pattern).matches()) {
            throw new IllegalArgumentException(
                    "allowed.unsafe.sysctls must be names, perhaps with * at the end, has " + pattern);
        }
        String dotted = Sysctls.dotted(pattern);
        if (Sysctls.namespace(dotted.replace("*", "")).isEmpty()) {
            throw new IllegalArgumentException(
                    "allowed.unsafe.sysctls must be of a pod's namespaces, network or IPC, has " + pattern);
        }
        return dotted;
    }

    /** Why a pod can't have one of those it wants. */
    public Optional<String> objection(Pod pod) {
        return pod.spec().objects("securityContext", "sysctls").stream()
                .flatMap(sysctl -> objection(pod.spec(), Sysctls.dotted(sysctl.text("name"))).stream())
                .findFirst();
    }

    private Optional<String> objection(Doc spec, String name) {
        if (patterns.stream().noneMatch(pattern -> covers(pattern, name))) {
            return Optional.of("\"" + name + "\" not allowlisted");
        }
        Optional<Namespace> namespace = Sysctls.namespace(name);
        if (spec.flag(false, "hostNetwork") && namespace.equals(Optional.of(Namespace.NET))) {
            return Optional.of("\"" + name + "\" not allowed with host Net enabled");
        }
        return spec.flag(false, "hostIPC") && namespace.equals(Optional.of(Namespace.IPC))
                ? Optional.of("\"" + name + "\" not allowed with host IPC enabled")
                : Optional.empty();
    }

    private static boolean covers(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }
}
