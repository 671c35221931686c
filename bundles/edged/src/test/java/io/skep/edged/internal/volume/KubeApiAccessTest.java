package io.skep.edged.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The volume every pod of a real Kubernetes comes with, as its ServiceAccount admission writes it. */
class KubeApiAccessTest {

    private static final HostFacts HOST =
            new HostFacts("edge-1", "192.0.2.1", 2000, 1 << 30, 1 << 30, 1 << 30, Map.of());

    @TempDir
    Path folder;

    private Path mount(String podContext, String... containers) throws Exception {
        Pod pod = Pod.of(Json.object("""
                {"metadata":{"name":"p","namespace":"shop","uid":"u1"},
                 "spec":{%s"containers":[%s],"volumes":[{"name":"kube-api-access-x7k2p","projected":{"defaultMode":420,"sources":[
                   {"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},
                   {"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},
                   {"downwardAPI":{"items":[{"path":"namespace",
                     "fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}]}}]}}""".formatted(podContext, String.join(",", containers))));
        return new Volumes(folder)
                .mount(
                        new PodFields(pod, HOST, List.of()),
                        Map.of(
                                Ref.configMap("shop", "kube-root-ca.crt"),
                                Json.object(
                                        "{\"metadata\":{\"name\":\"kube-root-ca.crt\"},\"data\":{\"ca.crt\":\"PEM\"}}")),
                        Map.of(new TokenSpec("", 3607), "tok"))
                .get("kube-api-access-x7k2p");
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static Object owner(Path file, String which) throws Exception {
        return Files.getAttribute(file, "unix:" + which);
    }

    @Test
    void itHoldsTokenAuthorityAndNamespace() throws Exception {
        Path path = mount("", "{\"name\":\"c\"}");

        assertThat(path.resolve("token")).hasContent("tok");
        assertThat(path.resolve("ca.crt")).hasContent("PEM");
        assertThat(path.resolve("namespace")).hasContent("shop");
    }

    /** Its image may name a user, which nobody here knows. */
    @Test
    void aPodThatNamesNoUserCanReadItsTokenWhoeverItIs() throws Exception {
        assertThat(mode(mount("", "{\"name\":\"c\"}").resolve("token"))).isEqualTo("rw-r--r--");
    }

    @Test
    void usersThatDifferLeaveTheTokenToAll() throws Exception {
        Path path = mount(
                "",
                "{\"name\":\"a\",\"securityContext\":{\"runAsUser\":1000}}",
                "{\"name\":\"b\",\"securityContext\":{\"runAsUser\":1001}}");

        assertThat(mode(path.resolve("token"))).isEqualTo("rw-r--r--");
    }

    @Test
    void theTokenOfAPodWithOneUserIsHisAlone() throws Exception {
        Path token = mount("\"securityContext\":{\"runAsUser\":1000},", "{\"name\":\"c\"}")
                .resolve("token");

        assertThat(mode(token)).isEqualTo("rw-------");
        assumeTrue(owner(folder, "uid").equals(0), "only root gives files away");
        assertThat(owner(token, "uid")).isEqualTo(1000);
    }

    @Test
    void theTokenOfAPodWithAGroupIsForTheGroup() throws Exception {
        Path path = mount("\"securityContext\":{\"fsGroup\":2000},", "{\"name\":\"c\"}");

        assertThat(mode(path.resolve("token"))).isEqualTo("rw-r-----");
        assertThat(mode(path.resolve("ca.crt"))).isEqualTo("rw-r--r--");
        assumeTrue(owner(folder, "uid").equals(0), "only root gives files away");
        assertThat(owner(path.resolve("token"), "gid")).isEqualTo(2000);
        assertThat(owner(path.resolve("ca.crt"), "gid")).isEqualTo(2000);
    }
}
