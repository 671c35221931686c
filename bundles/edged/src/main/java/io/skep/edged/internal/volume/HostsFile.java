package io.skep.edged.internal.volume;

import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A pod's {@code /etc/hosts}: its own name at its own addresses, and what {@code hostAliases} adds; in the node's network
 * the node's own file with these additions.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kubelet_pods.go}, {@code managedHostsFileContent}.
 */
final class HostsFile {

    /** Where it is found in a container, unless the container mounts something of its own there. */
    static final String TARGET = "/etc/hosts";

    private static final List<String> LOCAL = List.of(
            "127.0.0.1\tlocalhost",
            "::1\tlocalhost ip6-localhost ip6-loopback",
            "fe00::0\tip6-localnet",
            "fe00::0\tip6-mcastprefix",
            "fe00::1\tip6-allnodes",
            "fe00::2\tip6-allrouters");

    private final Path ofTheNode;

    /** {@code ofTheNode} is copied for pods in the node's network. */
    HostsFile(Path ofTheNode) {
        this.ofTheNode = ofTheNode;
    }

    /** Whether a pod needs one: it has an address of its own to be found by, or names to add. */
    static boolean wanted(Pod pod, List<String> ownIps) {
        return !ownIps.isEmpty() || !pod.spec().objects("hostAliases").isEmpty();
    }

    /** Written in place, because a container that runs has the file mounted. */
    void write(Path file, Pod pod, List<String> ownIps) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, ownIps.isEmpty() ? ofTheNode() + aliases(pod) : own(pod, ownIps) + aliases(pod));
        AtomicFolder.chmod(file, 0644);
    }

    private String ofTheNode() throws IOException {
        String text = Files.isReadable(ofTheNode) ? Files.readString(ofTheNode) : "";
        return "# Kubernetes-managed hosts file (host network).\n" + text;
    }

    private static String own(Pod pod, List<String> ips) {
        StringBuilder text = new StringBuilder("# Kubernetes-managed hosts file.\n");
        LOCAL.forEach(line -> text.append(line).append('\n'));
        String names = pod.fqdn().map(full -> full + "\t" + pod.shortHostname()).orElseGet(pod::shortHostname);
        ips.forEach(ip -> text.append(ip).append('\t').append(names).append('\n'));
        return text.toString();
    }

    private static String aliases(Pod pod) {
        List<Doc> aliases = pod.spec().objects("hostAliases");
        if (aliases.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("\n# Entries added by HostAliases.\n");
        aliases.forEach(alias -> text.append(alias.text("ip"))
                .append('\t')
                .append(String.join("\t", alias.texts("hostnames")))
                .append('\n'));
        return text.toString();
    }
}
