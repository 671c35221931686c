package io.skep.edged.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content as a kubelet 1.31 writes it; programs parse it. */
class HostsFileTest {

    private static final String ALIASES =
            "\"hostAliases\":[{\"ip\":\"10.1.1.1\",\"hostnames\":[\"plc\",\"plc.plant\"]}]";

    @TempDir
    Path folder;

    private static Pod pod(String spec) {
        return Pod.of(Json.object(
                "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"uid\":\"u\"},\"spec\":{" + spec + "}}"));
    }

    private String written(Pod pod, List<String> ips) throws IOException {
        Path node = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost the-node\n");
        Path file = folder.resolve("u/etc-hosts");
        new HostsFile(node).write(file, pod, ips);
        return Files.readString(file);
    }

    @Test
    void podFindsItselfByItsName() throws IOException {
        assertThat(written(pod("\"hostname\":\"a\""), List.of("10.0.0.5"))).isEqualTo("""
                # Kubernetes-managed hosts file.
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                fe00::0\tip6-mcastprefix
                fe00::1\tip6-allnodes
                fe00::2\tip6-allrouters
                10.0.0.5\ta
                """);
    }

    @Test
    void podOfASubdomainFindsItselfByItsFullNameToo() throws IOException {
        assertThat(written(pod("\"subdomain\":\"db\""), List.of("10.0.0.5")))
                .endsWith("10.0.0.5\tweb.db.shop.svc.cluster.local\tweb\n");
    }

    @Test
    void aliasesComeLast() throws IOException {
        assertThat(written(pod(ALIASES), List.of("10.0.0.5")))
                .endsWith("10.0.0.5\tweb\n\n# Entries added by HostAliases.\n10.1.1.1\tplc\tplc.plant\n");
    }

    @Test
    void nodesNetworkHasTheNodesNames() throws IOException {
        assertThat(written(pod(ALIASES), List.of())).isEqualTo("""
                # Kubernetes-managed hosts file (host network).
                127.0.0.1 localhost the-node

                # Entries added by HostAliases.
                10.1.1.1\tplc\tplc.plant
                """);
    }

    @Test
    void fileTheContainerMountsItselfIsLeftAlone() throws IOException {
        ContainerSpec own = new ContainerSpec(
                Json.object("{\"name\":\"c\",\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/etc/hosts\"}]}"),
                false);
        ContainerSpec plain = new ContainerSpec(Json.object("{\"name\":\"c\"}"), false);
        Volumes volumes = new Volumes(folder);

        assertThat(volumes.hosts(pod(ALIASES), own, List.of("10.0.0.5"))).isEmpty();
        assertThat(volumes.hosts(pod(ALIASES), plain, List.of("10.0.0.5"))).isPresent();
        // Nothing to add to what the runtime shows anyway
        assertThat(volumes.hosts(pod("\"hostNetwork\":true"), plain, List.of())).isEmpty();
    }

    @Test
    void fullNameIsTheHostNameWhereAskedForAndShortEnough() {
        assertThat(pod("\"subdomain\":\"db\",\"setHostnameAsFQDN\":true").hostname())
                .isEqualTo("web.db.shop.svc.cluster.local");
        assertThat(pod("\"subdomain\":\"db\"").hostname()).isEqualTo("web");
        assertThat(pod("\"subdomain\":\"" + "d".repeat(60) + "\",\"setHostnameAsFQDN\":true")
                        .hostname())
                .isEqualTo("web");
    }
}
