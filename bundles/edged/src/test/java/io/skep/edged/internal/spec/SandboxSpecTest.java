package io.skep.edged.internal.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.edged.internal.link.Json;
import io.skep.runtime.api.DnsConfig;
import io.skep.runtime.api.PodSandboxConfig.PortMapping;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxSpecTest {

    @TempDir
    private Path folder;

    private static Pod pod(String spec) {
        return Pod.of(Json.object("{\"metadata\":{\"name\":\"p\",\"uid\":\"u\"},\"spec\":" + spec + "}"));
    }

    private Path resolvConf() throws IOException {
        return Files.writeString(
                folder.resolve("resolv.conf"), "# ours\nnameserver 10.0.0.1\nsearch lan\noptions ndots:2\n");
    }

    @Test
    void podThatSharesNothingSharesNothing() {
        assertThat(SandboxSpec.sharing(pod("{\"containers\":[{\"name\":\"c\"}]}")))
                .isEqualTo(Sharing.NONE);
    }

    @Test
    void onePrivilegedContainerMakesTheSandboxPrivileged() {
        Pod pod = pod("{\"hostPID\":true,\"containers\":[{\"name\":\"a\"},"
                + "{\"name\":\"b\",\"securityContext\":{\"privileged\":true}}]}");

        assertThat(SandboxSpec.sharing(pod)).isEqualTo(new Sharing(true, false, false, true));
    }

    @Test
    void onlyPortsOfTheNodeAreMapped() {
        Pod pod = pod("{\"containers\":[{\"name\":\"a\",\"ports\":[{\"containerPort\":80,\"hostPort\":8080},"
                + "{\"containerPort\":81}]}]}");

        assertThat(SandboxSpec.ports(pod)).containsExactly(new PortMapping("TCP", 80, 8080, ""));
    }

    @Test
    void namesAreLookedUpAsOnTheNodeUnlessThePodSaysMore() throws IOException {
        assertThat(SandboxSpec.dns(pod("{\"dnsPolicy\":\"ClusterFirst\"}"), resolvConf()))
                .isEmpty();
        assertThat(SandboxSpec.dns(
                        pod("{\"dnsConfig\":{\"nameservers\":[\"10.0.0.2\"],\"searches\":[\"home\"],"
                                + "\"options\":[{\"name\":\"timeout\",\"value\":\"1\"}]}}"),
                        resolvConf()))
                .contains(new DnsConfig(
                        List.of("10.0.0.1", "10.0.0.2"), List.of("lan", "home"), List.of("ndots:2", "timeout:1")));
        assertThat(SandboxSpec.dns(
                        pod("{\"dnsPolicy\":\"None\",\"dnsConfig\":{\"nameservers\":[\"10.0.0.2\"]}}"), resolvConf()))
                .contains(new DnsConfig(List.of("10.0.0.2"), List.of(), List.of()));
    }
}
