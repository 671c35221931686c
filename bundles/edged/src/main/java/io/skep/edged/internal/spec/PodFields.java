package io.skep.edged.internal.spec;

import io.skep.edged.internal.link.HostFacts;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The downward API: what a pod may read of itself.
 *
 * @param pod the pod
 * @param host its node
 * @param podIps its addresses, none before it has any
 */
public record PodFields(Pod pod, HostFacts host, List<String> podIps) {

    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(labels|annotations)\\['(.+)']");

    /**
     * The value of a {@code fieldRef}.
     *
     * @throws ConfigException when there is no such field
     */
    public String field(String path) throws ConfigException {
        Matcher subscript = SUBSCRIPT.matcher(path);
        if (subscript.matches()) {
            Map<String, String> map = subscript.group(1).equals("labels")
                    ? pod.object().labels()
                    : pod.object().annotations();
            return map.getOrDefault(subscript.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.name();
            case "metadata.namespace" -> pod.namespace();
            case "metadata.uid" -> pod.uid();
            case "metadata.labels" -> lines(pod.object().labels());
            case "metadata.annotations" -> lines(pod.object().annotations());
            case "spec.nodeName" -> host.node();
            case "spec.serviceAccountName" -> pod.serviceAccountName();
            case "status.hostIP", "status.hostIPs" -> host.ip();
            case "status.podIP" -> podIps.isEmpty() ? "" : podIps.get(0);
            case "status.podIPs" -> String.join(",", podIps);
            default -> throw new ConfigException("unsupported pod field path: " + path);
        };
    }

    /**
     * The value of a {@code resourceFieldRef}; a missing limit is the node's.
     *
     * @param fallback the container asked from, when the reference names none
     * @throws ConfigException when there is no such container or resource
     */
    public String resource(Doc reference, Optional<ContainerSpec> fallback) throws ConfigException {
        String name = reference.text("containerName");
        ContainerSpec container = (name.isEmpty() ? fallback : pod.container(name))
                .orElseThrow(() -> new ConfigException("container " + name + " not found"));
        String path = reference.text("resource");
        int dot = path.indexOf('.');
        String side = dot < 0 ? "" : path.substring(0, dot);
        String resource = path.substring(dot + 1);
        if (!List.of("limits", "requests").contains(side)
                || !List.of("cpu", "memory", "ephemeral-storage").contains(resource)) {
            throw new ConfigException("unsupported container resource : " + path);
        }
        long fallbackAmount = side.equals("requests") ? 0 : allocatable(resource);
        long amount = container.amount(side, resource).orElse(fallbackAmount);
        BigDecimal units = BigDecimal.valueOf(amount, resource.equals("cpu") ? 3 : 0);
        return units.divide(divisor(reference), 0, RoundingMode.CEILING).toPlainString();
    }

    private static BigDecimal divisor(Doc reference) throws ConfigException {
        String text = reference.text("divisor");
        if (text.isEmpty() || text.equals("0")) {
            return BigDecimal.ONE;
        }
        try {
            BigDecimal divisor = Quantity.parse(text).amount();
            if (divisor.signum() > 0) {
                return divisor;
            }
        } catch (KubeException e) {
            throw new ConfigException("bad divisor " + text, e);
        }
        throw new ConfigException("bad divisor " + text);
    }

    private long allocatable(String resource) {
        return switch (resource) {
            case "cpu" -> host.cpuMillis();
            case "memory" -> host.memoryBytes();
            default -> host.storageBytes();
        };
    }

    /** Labels or annotations as kubelet writes them: sorted {@code key="value"} lines. */
    private static String lines(Map<String, String> map) {
        return map.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + quote(e.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static String quote(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t")
                + '"';
    }
}
