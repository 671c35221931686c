package io.skep.itests.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A stream of changes to ConfigMaps that a pod of one process uses, so that each goes to the pod's node. */
public final class ConfigTraffic {

    private static final String CONFIG = "/api/v1/namespaces/default/configmaps";
    private static final int CONFIG_MAPS = 10;

    private final RunningRole cloud;
    private final RunningRole edge;
    private final String pod;
    private final Path pids;
    private volatile boolean stop;
    private CompletableFuture<Map<String, Long>> stream;

    private ConfigTraffic(RunningRole cloud, RunningRole edge, String pod) {
        this.cloud = cloud;
        this.edge = edge;
        this.pod = pod;
        pids = edge.folder().resolve(pod + ".pids");
    }

    /** Makes the pod and what it uses, and waits until it is ready. */
    public static ConfigTraffic of(RunningRole cloud, RunningRole edge, String node, String pod) {
        ConfigTraffic traffic = new ConfigTraffic(cloud, edge, pod);
        KubeClient api = cloud.api();
        traffic.names()
                .forEach(name -> api.create(
                        CONFIG,
                        KubeClient.object(
                                "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: {n: '0'}}")));
        api.create("/api/v1/namespaces/default/pods", traffic.podUsingAll(node));
        Eventually.seen("pod ready", () -> api.podReady(pod), edge::lastLines);
        return traffic;
    }

    private Stream<String> names() {
        return IntStream.range(0, CONFIG_MAPS).mapToObj(i -> pod + "-" + i);
    }

    private JsonNode podUsingAll(String node) {
        String sources = names().map(n -> "{configMapRef: {name: " + n + "}}").collect(Collectors.joining(", "));
        return KubeClient.object("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: default}
                spec:
                  nodeName: %s
                  hostNetwork: true
                  runtimeClassName: process
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: main
                      image: none
                      command: ["/bin/sh", "-c", "%s"]
                      envFrom: [%s]
                """.formatted(pod, node, Pods.notingPid(pids), sources));
    }

    /** Begins to change the ConfigMaps, one after the other, as fast as the API answers. */
    public void begin() {
        stop = false;
        stream = CompletableFuture.supplyAsync(this::changes);
    }

    private Map<String, Long> changes() {
        KubeClient api = cloud.api();
        Map<String, Long> last = new TreeMap<>();
        for (int i = 1; !stop || last.size() < CONFIG_MAPS; i++) {
            change(api, pod + "-" + i % CONFIG_MAPS, i, last);
        }
        return last;
    }

    // A change the API refused or did not answer while it was replaced may have been made or not: it is made again.
    private static void change(KubeClient api, String name, int number, Map<String, Long> last) {
        Eventually.seen("change of " + name, () -> {
            try {
                JsonNode changed = api.merge(CONFIG + "/" + name, "{data: {n: '" + number + "'}}");
                last.put(name, changed.at("/metadata/resourceVersion").asLong());
                return true;
            } catch (UncheckedIOException | AssertionError e) {
                return false;
            }
        });
    }

    /** Ends the changes; answers the last version of each ConfigMap. */
    public Map<String, Long> end() {
        stop = true;
        return stream.join();
    }

    /** What the node has on its disk; less than all while its modules are starting. */
    public Map<String, Long> kept() {
        Map<String, Long> kept = new TreeMap<>();
        edge.shellJson(names().map(n -> "edge:meta --json default/configmap/" + n)
                        .toArray(String[]::new))
                .forEach(answer -> {
                    JsonNode metadata = (answer.isArray() ? answer.path(0) : answer).path("metadata");
                    kept.put(
                            metadata.path("name").asText(),
                            metadata.path("resourceVersion").asLong());
                });
        return kept;
    }

    /** How often the pod's process was started. */
    public int starts() {
        return Pods.pids(pids).size();
    }

    /** Whether the pod's process lives. */
    public boolean alive() {
        return Pods.alive(pids);
    }
}
