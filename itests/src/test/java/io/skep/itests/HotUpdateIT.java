package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.system.AuthorsPage;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.KubeClient;
import io.skep.itests.system.Pods;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A module's bundle is updated in Karaf's shell while the cloud sends: pods and link outlive it, and nothing is lost. */
class HotUpdateIT {

    private static final String CONFIG = "/api/v1/namespaces/default/configmaps/traffic";

    private static TestSystem system;
    private static RunningRole cloud;
    private static RunningRole edge;
    private static Path pids;

    @BeforeAll
    static void open() {
        system = TestSystem.fresh("hot-update");
        cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "worker");
        pids = system.folder().resolve("pids");
        KubeClient api = cloud.api();
        api.create(
                "/api/v1/namespaces/default/configmaps",
                KubeClient.object("{apiVersion: v1, kind: ConfigMap, metadata: {name: traffic}, data: {n: '0'}}"));
        api.create("/api/v1/namespaces/default/pods", KubeClient.object("""
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: steady, namespace: default}
                        spec:
                          nodeName: worker
                          hostNetwork: true
                          runtimeClassName: process
                          terminationGracePeriodSeconds: 1
                          containers:
                            - name: main
                              image: none
                              command: ["/bin/sh", "-c", "%s"]
                              envFrom: [{configMapRef: {name: traffic}}]
                        """.formatted(Pods.notingPid(pids))));
        Eventually.seen("pod ready", () -> api.podReady("steady"), edge::lastLines);
    }

    @AfterAll
    static void close() {
        system.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"edgehub", "metamanager", "edged"})
    void updateUnderTrafficKeepsLinkAndPods(String bundle) {
        KubeClient api = cloud.api();
        JsonNode before = edge.shellJson("edge:link --json").get(0);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<String> traffic = CompletableFuture.supplyAsync(() -> {
            String version = "";
            for (int i = 1; !stop.get(); i++) {
                version = api.merge(CONFIG, "{data: {n: '" + bundle + i + "'}}")
                        .at("/metadata/resourceVersion")
                        .asText();
            }
            return version;
        });

        String last;
        try {
            edge.shell("bundle:update io.skep." + bundle);
        } finally {
            stop.set(true);
            last = traffic.join();
        }

        Eventually.seen("ready again", edge::ready, edge::readiness);
        Eventually.seen("last version on the node", () -> last.equals(kept()), edge::lastLines);
        JsonNode after = edge.shellJson("edge:link --json").get(0);
        assertThat(after.path("state").asText()).isEqualTo("connected");
        assertThat(since(after)).as("a new link would be younger").isBeforeOrEqualTo(since(before));
        assertThat(Pods.pids(pids)).as("starts of the pod").hasSize(1);
        assertThat(Pods.alive(pids)).isTrue();
        assertThat(api.podReady("steady")).isTrue();
        assertThat(api.nodeReady("worker")).isTrue();
    }

    // A node need not reach a repository: what it gets comes through its link.
    @Test
    void upgradeFromTheCloudKeepsLinkAndPodsAndABadPackageIsRefusedBeforeAnythingStops() throws IOException {
        KubeClient api = cloud.api();
        JsonNode before = edge.shellJson("edge:link --json").get(0);
        Path edged = built("edged");

        JsonNode done = cloud.shellJson("cloud:module-upgrade --json worker edged " + edged)
                .get(0)
                .path(0);
        assertThat(done.path("outcome").asText()).as(done.toString()).isEqualTo("SUCCEEDED");
        assertThatThrownBy(() -> cloud.shell("cloud:module-upgrade kubernetes.io/os=linux metamanager " + edged))
                .hasMessageContaining("worker REFUSED: the file is the bundle io.skep.edged, not io.skep.metamanager");

        JsonNode listed =
                cloud.shellJson("cloud:module-operations --json worker").get(0);
        assertThat(listed.at("/0/outcome").asText()).isEqualTo("REFUSED");
        assertThat(listed.at("/1/checksum").asText())
                .isEqualTo(done.at("/operation/checksum").asText());
        JsonNode after = edge.shellJson("edge:link --json").get(0);
        assertThat(since(after)).as("a new link would be younger").isBeforeOrEqualTo(since(before));
        assertThat(Pods.pids(pids)).as("starts of the pod").hasSize(1);
        assertThat(Pods.alive(pids)).isTrue();
        Eventually.seen("node ready", () -> api.nodeReady("worker"), edge::lastLines);
    }

    // Author's page and example are one thing, and what the page promises is what an author sees.
    @Test
    void authorsPageIsTrueLineByLine() throws IOException {
        assertThat(AuthorsPage.source()).isEqualTo(AuthorsPage.example());

        AuthorsPage.walk(system, Files.createDirectory(system.folder().resolve("author")));
    }

    private static Path built(String bundle) throws IOException {
        try (Stream<Path> files =
                Files.list(Path.of("..", "bundles", bundle, "target").toAbsolutePath())) {
            return files.filter(f -> f.getFileName().toString().matches(bundle + "-[^-]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow()
                    .normalize();
        }
    }

    private static Instant since(JsonNode link) {
        return Instant.parse(link.path("since").asText());
    }

    private static String kept() {
        JsonNode answer =
                edge.shellJson("edge:meta --json default/configmap/traffic").get(0);
        return (answer.isArray() ? answer.path(0) : answer)
                .at("/metadata/resourceVersion")
                .asText();
    }
}
