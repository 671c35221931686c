package io.skep.edged.internal.spec;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Sysctls;
import io.skep.runtime.api.DnsConfig;
import io.skep.runtime.api.PodSandboxConfig.PortMapping;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod says of its sandbox, in the runtime's terms.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kuberuntime/kuberuntime_sandbox.go} and {@code pkg/kubelet/network/dns/dns.go}.
 */
public final class SandboxSpec {

    /** Annotation of a sandbox that keeps its handler, for whoever finds it without a record. */
    public static final String HANDLER = "io.skep.runtime-handler";

    /** Kubernetes' limits of {@code resolv.conf}; more is left out, as kubelet does. */
    private static final int MOST_SERVERS = 3;

    private static final int MOST_SEARCHES = 32;

    private SandboxSpec() {}

    /** What the pod shares with the node, or its containers with each other. */
    public static Sharing sharing(Pod pod) {
        boolean privileged = pod.allContainers().stream()
                .anyMatch(container -> container.doc().object("securityContext").flag(false, "privileged"));
        return new Sharing(
                pod.spec().flag(false, "hostPID"),
                pod.spec().flag(false, "hostIPC"),
                pod.spec().flag(false, "shareProcessNamespace"),
                privileged);
    }

    /** The pod's own annotations, and what is to be known of its sandbox. */
    public static Map<String, String> annotations(Pod pod, String handler) {
        Map<String, String> all = new LinkedHashMap<>(pod.object().annotations());
        if (!handler.isEmpty()) {
            all.put(HANDLER, handler);
        }
        return all;
    }

    /** Its place among the node's pods: the guaranteed ones by themselves, the others by their class of service. */
    public static String cgroup(Pod pod) {
        String place = "pod" + pod.uid();
        return pod.qosClass().equals("Guaranteed") ? place : pod.qosClass().toLowerCase(Locale.ROOT) + "/" + place;
    }

    /** Where the cgroup of a pod may be of which only the uid is known. */
    public static List<String> cgroups(String uid) {
        String place = "pod" + uid;
        return List.of(place, "burstable/" + place, "besteffort/" + place);
    }

    /** The kernel's settings in its own namespaces; engines know their names with dots only. */
    public static Map<String, String> sysctls(Pod pod) {
        Map<String, String> sysctls = new LinkedHashMap<>();
        pod.spec()
                .objects("securityContext", "sysctls")
                .forEach(sysctl -> sysctls.put(Sysctls.dotted(sysctl.text("name")), sysctl.text("value")));
        return sysctls;
    }

    /** The ports of the node that lead into the pod. */
    public static List<PortMapping> ports(Pod pod) {
        List<PortMapping> ports = new ArrayList<>();
        for (ContainerSpec container : pod.allContainers()) {
            for (Doc port : container.doc().objects("ports")) {
                if (port.number(0, "hostPort") > 0) {
                    String protocol = port.text("protocol");
                    ports.add(new PortMapping(
                            protocol.isEmpty() ? "TCP" : protocol,
                            (int) port.number(0, "containerPort"),
                            (int) port.number(0, "hostPort"),
                            port.text("hostIP")));
                }
            }
        }
        return ports;
    }

    /**
     * Names are looked up as on the node, there being no name service of the cluster on an edge, unless the pod says more.
     *
     * @param resolvConf the node's {@code resolv.conf}
     */
    public static Optional<DnsConfig> dns(Pod pod, Path resolvConf) throws IOException {
        Doc own = pod.spec().object("dnsConfig");
        boolean none = pod.spec().text("dnsPolicy").equals("None");
        if (!none && !pod.spec().has("dnsConfig")) {
            return Optional.empty();
        }
        List<String> servers = new ArrayList<>();
        List<String> searches = new ArrayList<>();
        List<String> options = new ArrayList<>();
        if (!none && Files.isReadable(resolvConf)) {
            for (String line : Files.readAllLines(resolvConf)) {
                List<String> words = Arrays.asList(line.strip().split("\\s+"));
                List<String> rest = words.subList(1, words.size());
                switch (words.get(0)) {
                    case "nameserver" -> servers.addAll(rest);
                    case "search" -> searches.addAll(rest);
                    case "options" -> options.addAll(rest);
                    default -> {
                        // a comment, or what CRI has no word for
                    }
                }
            }
        }
        servers.addAll(own.texts("nameservers"));
        searches.addAll(own.texts("searches"));
        own.objects("options")
                .forEach(option -> options.add(
                        option.text("value").isEmpty()
                                ? option.text("name")
                                : option.text("name") + ":" + option.text("value")));
        return Optional.of(new DnsConfig(first(MOST_SERVERS, servers), first(MOST_SEARCHES, searches), options));
    }

    private static List<String> first(int most, List<String> all) {
        return all.stream().distinct().limit(most).toList();
    }
}
