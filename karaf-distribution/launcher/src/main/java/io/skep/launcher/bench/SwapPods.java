package io.skep.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skep.launcher.command.KubeApi;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The pods of {@code bench swap}: each only sleeps, and mounts a ConfigMap of its own. The first few are ready as that says. */
final class SwapPods {

    static final int PODS = 20;
    static final int CHANGING = 5;
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BenchCluster cluster;
    // A sleep of a length nobody else has is how a process is found.
    private final int first = ThreadLocalRandom.current().nextInt(10_000, 90_000) * 1000;

    SwapPods(BenchCluster cluster) {
        this.cluster = cluster;
    }

    static String name(int i) {
        return "bench-swap-" + i;
    }

    static String mapPath(int i) {
        return MAPS + "/" + name(i);
    }

    static String podPath(int i) {
        return BenchCluster.PODS + "/" + name(i);
    }

    /** The command lines of all pods. */
    Set<String> commands() {
        Set<String> commands = new HashSet<>();
        IntStream.range(0, PODS).forEach(i -> commands.add("sleep " + (first + i)));
        return commands;
    }

    void create() {
        for (int i = 0; i < PODS; i++) {
            cluster.api().apply(map(i));
            cluster.api().apply(pod(i));
        }
        BenchCluster.await("the pods", () -> ready() == PODS);
    }

    private long ready() {
        JsonNode items = cluster.api().get(BenchCluster.PODS).orElseThrow().path("items");
        long count = 0;
        for (JsonNode pod : items) {
            count += KubeApi.condition(pod, "Ready") ? 1 : 0;
        }
        return count;
    }

    private static ObjectNode map(int i) {
        ObjectNode map = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("name", name(i)).put("namespace", "default");
        map.putObject("data").put("value", "0").put("ready", "yes");
        return map;
    }

    private ObjectNode pod(int i) {
        ObjectNode pod = cluster.pod(name(i), "sleep", Integer.toString(first + i));
        ObjectNode spec = (ObjectNode) pod.path("spec");
        spec.putArray("volumes")
                .addObject()
                .put("name", "config")
                .putObject("configMap")
                .put("name", name(i));
        ObjectNode container = (ObjectNode) spec.path("containers").path(0);
        container.putArray("volumeMounts").addObject().put("name", "config").put("mountPath", "/config");
        if (i < CHANGING) {
            ObjectNode probe = container.putObject("readinessProbe").put("periodSeconds", 1);
            var command = probe.putObject("exec").putArray("command");
            List.of("/bin/sh", "-c", "grep -q yes \"${SKEP_CONTAINER_ROOT:-}/config/ready\"")
                    .forEach(command::add);
        }
        return pod;
    }

    static ObjectNode data(String key, String value) {
        ObjectNode patch = JSON.createObjectNode();
        patch.putObject("data").put(key, value);
        return patch;
    }

    static ObjectNode annotation(String value) {
        ObjectNode patch = JSON.createObjectNode();
        patch.putObject("metadata").putObject("annotations").put("skep.io/bench", value);
        return patch;
    }

    void removeMaps() {
        IntStream.range(0, PODS).forEach(i -> cluster.api().delete(mapPath(i)));
    }
}
