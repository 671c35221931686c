package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.KubeClient;
import io.skep.itests.system.Pods;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The node's JVM is killed again and again while updates stream to it. What the cloud noted as acknowledged must be on the
 * node's disk, whatever the moment of the kill.
 */
class KillStormIT {

    /** How often the node is killed; {@code -Dskep.itests.kills=50} is the full storm. */
    private static final int KILLS = Integer.getInteger("skep.itests.kills", 50);

    private static final int UPDATES = Integer.getInteger("skep.itests.updates", 1000);
    private static final int CONFIG_MAPS = 10;
    private static final Duration START = Duration.ofMillis(5000);
    private static final Duration LINKED_LIFE = Duration.ofMillis(1500);
    private static final String CONFIG = "/api/v1/namespaces/default/configmaps";
    private static final String SYNCS = "/apis/reliablesyncs.kubeedge.io/v1alpha1/namespaces/default/objectsyncs";

    private static TestSystem system;
    private static RunningRole cloud;
    private static RunningRole edge;

    /** Noted, so that a failure can be played again with {@code -Dskep.itests.seed}. */
    private static final long SEED = Long.getLong("skep.itests.seed", System.nanoTime());

    @BeforeAll
    static void open() {
        system = TestSystem.fresh("kill-storm");
        cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "storm");
    }

    @AfterAll
    static void close() {
        system.close();
    }

    @Test
    void noAcknowledgedUpdateIsMissingAfterKillsAtRandomMoments() {
        KubeClient api = cloud.api();
        Path pids = system.folder().resolve("pids");
        names().forEach(name -> api.create(CONFIG, configMap(name)));
        api.create("/api/v1/namespaces/default/pods", podUsingAll(pids));
        Eventually.seen("pod ready", () -> api.podReady("storm"), edge::lastLines);

        CompletableFuture<Map<String, Long>> stream = CompletableFuture.supplyAsync(() -> updates(api));
        Random random = new Random(SEED);
        for (int i = 0; i < KILLS; i++) {
            // Half of the lives end anywhere in a start, half of them while what the cloud has kept comes in.
            boolean linked = i % 2 == 1;
            if (linked) {
                Eventually.seen("link before kill " + i, edge::linked, edge::lastLines);
            }
            Eventually.pause(Duration.ofMillis(random.nextLong((linked ? LINKED_LIFE : START).toMillis())));
            edge.kill();
            edge.launch("edge");
        }
        edge.kill();
        Map<String, Long> written = stream.join();

        Map<String, Long> acknowledged = acknowledged(api);
        assertThat(acknowledged).as("seed " + SEED).isNotEmpty();
        cloud.kill();
        edge.start("edge");
        Eventually.seen("every ConfigMap on the node", () -> kept().size() == CONFIG_MAPS, KillStormIT::answers);
        Map<String, Long> kept = kept();
        acknowledged.forEach((name, version) ->
                assertThat(kept.get(name)).as("%s, seed %d", name, SEED).isGreaterThanOrEqualTo(version));

        cloud.start("cloud");
        Eventually.seen("all last versions on the node", () -> kept().equals(written), edge::lastLines);
        Eventually.seen("all acknowledged", () -> acknowledged(api).equals(written), cloud::lastLines);
        assertThat(Pods.pids(pids)).as("starts of the pod, seed %d", SEED).hasSize(1);
        assertThat(Pods.alive(pids)).isTrue();
    }

    private static Stream<String> names() {
        return IntStream.range(0, CONFIG_MAPS).mapToObj(i -> "storm-" + i);
    }

    private static JsonNode configMap(String name) {
        return KubeClient.object("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: {n: '0'}}");
    }

    private static JsonNode podUsingAll(Path pids) {
        String sources = names().map(n -> "{configMapRef: {name: " + n + "}}").collect(Collectors.joining(", "));
        return KubeClient.object("""
                apiVersion: v1
                kind: Pod
                metadata: {name: storm, namespace: default}
                spec:
                  nodeName: storm
                  hostNetwork: true
                  runtimeClassName: process
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: main
                      image: none
                      command: ["/bin/sh", "-c", "%s"]
                      envFrom: [%s]
                """.formatted(Pods.notingPid(pids), sources));
    }

    /** Spreads the updates over the storm; answers the last version of each ConfigMap. */
    private static Map<String, Long> updates(KubeClient api) {
        Duration storm = START.multipliedBy(KILLS);
        Duration pause = storm.dividedBy(UPDATES);
        Map<String, Long> last = new TreeMap<>();
        for (int i = 1; i <= UPDATES; i++) {
            String name = "storm-" + i % CONFIG_MAPS;
            JsonNode updated = api.merge(CONFIG + "/" + name, "{data: {n: '" + i + "'}}");
            last.put(name, version(updated.at("/metadata/resourceVersion")));
            Eventually.pause(pause);
        }
        return last;
    }

    private static Map<String, Long> acknowledged(KubeClient api) {
        return api.list(SYNCS).stream()
                .filter(s -> s.at("/spec/objectKind").asText().equalsIgnoreCase("configmap"))
                .filter(s -> s.at("/spec/objectName").asText().startsWith("storm-"))
                .filter(s -> version(s.at("/status/objectResourceVersion")) > 0)
                .collect(Collectors.toMap(
                        s -> s.at("/spec/objectName").asText(),
                        s -> version(s.at("/status/objectResourceVersion")),
                        Math::max,
                        TreeMap::new));
    }

    /** What the node has on its disk; less than all while its modules are starting. */
    private static Map<String, Long> kept() {
        Map<String, Long> kept = new TreeMap<>();
        edge.shellJson(questions()).forEach(answer -> {
            JsonNode metadata = (answer.isArray() ? answer.path(0) : answer).path("metadata");
            kept.put(metadata.path("name").asText(), version(metadata.path("resourceVersion")));
        });
        return kept;
    }

    private static String answers() {
        return edge.shell(questions()) + edge.lastLines();
    }

    private static String[] questions() {
        return names().map(n -> "edge:meta --json default/configmap/" + n).toArray(String[]::new);
    }

    private static long version(JsonNode text) {
        return text.asText().isEmpty() ? 0 : Long.parseLong(text.asText());
    }
}
