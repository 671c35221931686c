package io.skep.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skep.launcher.command.JoinCommand;
import io.skep.launcher.command.KubeApi;
import io.skep.launcher.command.ShellCommand;
import io.skep.launcher.command.Site;
import io.skep.launcher.command.TokenCommand;
import io.skep.launcher.command.UpCommand;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Trees;
import io.skep.launcher.host.Waiting;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Ports;
import io.skep.launcher.instance.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A cloud and a node of the bench's own, on free ports and in a folder that goes with them. Each part starts when it is
 * first asked for.
 */
final class BenchCluster implements AutoCloseable {

    static final String NODE = "bench-node";
    static final Duration LIMIT = Duration.ofSeconds(90);
    static final String PODS = "/api/v1/namespaces/default/pods";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Instance cloud;
    private final Instance edge;
    private final BenchRuntime runtime;
    private KubeApi api;
    private boolean joined;
    private List<String> settings = List.of();

    BenchCluster(Home home, BenchRuntime runtime) {
        this.runtime = runtime;
        Home own = new Home(home.distribution(), home.instances().resolve(".bench"));
        this.cloud = own.instance("cloud");
        this.edge = own.instance("edge");
        close();
    }

    /** Settings of both, as {@code --set} takes them, for a start that is still to come. */
    void configure(List<String> both) {
        settings = List.copyOf(both);
    }

    private List<String> ownPorts() {
        return Stream.concat(Ports.free().stream(), settings.stream()).toList();
    }

    BenchRuntime runtime() {
        return runtime;
    }

    Instance cloud() {
        return cloud;
    }

    /** The node's instance, started, joined or not. */
    Instance edge() {
        if (!edge.exists()) {
            edge.create(Role.EDGE);
            UpCommand.start(edge, Role.EDGE, runtime.with(ownPorts()), LIMIT);
        }
        return edge;
    }

    /** The cloud's API, with the node joined and Ready. */
    KubeApi api() {
        if (joined) {
            return api;
        }
        UpCommand.start(cloud, Role.CLOUD, ownPorts(), LIMIT);
        Path kubeconfig = cloud.data().resolve("kube/admin.kubeconfig");
        await("the cloud's kubeconfig", () -> Files.exists(kubeconfig));
        api = KubeApi.of(kubeconfig);
        await("the join token", () -> api.get(TokenCommand.SECRET).isPresent());
        boolean fresh = !edge.exists();
        edge.stop(LIMIT);
        String hub = "127.0.0.1:" + port("io.skep.cloudhub", "websocket.port");
        int enrolment = Integer.parseInt(port("io.skep.cloudhub", "https.port"));
        JoinCommand.join(edge, hub, enrolment, TokenCommand.token(api), NODE);
        Site.tunnel(cloud, edge);
        UpCommand.start(edge, Role.EDGE, fresh ? runtime.with(ownPorts()) : List.of(), LIMIT);
        await(
                "the node",
                () -> api.get("/api/v1/nodes/" + NODE)
                        .filter(BenchCluster::ready)
                        .isPresent());
        joined = true;
        return api;
    }

    private String port(String pid, String key) {
        return cloud.setting(pid, key).orElseThrow();
    }

    /** Runs one command in the instance's shell. */
    static String shell(Instance instance, String... command) {
        return ShellCommand.output(instance, List.of(command));
    }

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (java.io.IOException e) {
            throw new LauncherException("no JSON: " + json, e);
        }
    }

    /** A pod of one process that only waits; bound to the node already, so that no scheduler is measured. */
    ObjectNode pod(String name, String... command) {
        ObjectNode pod = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", name).put("namespace", "default");
        ObjectNode spec = pod.putObject("spec")
                .put("nodeName", NODE)
                .put("runtimeClassName", runtime.name())
                .put("hostNetwork", !runtime.containers())
                .put("terminationGracePeriodSeconds", 1);
        var line = spec.putArray("containers")
                .addObject()
                .put("name", "main")
                .put("image", runtime.image())
                .put("imagePullPolicy", "IfNotPresent")
                .putArray("command");
        List.of(command).forEach(line::add);
        return pod;
    }

    /** Deletes pods and waits until they are gone. */
    void remove(List<String> names) {
        names.forEach(name -> api().delete(PODS + "/" + name));
        names.forEach(name -> await(
                "the end of pod " + name, () -> api().get(PODS + "/" + name).isEmpty()));
    }

    private static boolean ready(JsonNode node) {
        for (JsonNode condition : node.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    static void await(String what, java.util.function.BooleanSupplier seen) {
        if (!Waiting.until(LIMIT, seen)) {
            throw new LauncherException("the bench waited " + LIMIT.toSeconds() + " s in vain for " + what);
        }
    }

    /** Stops what was started, its pods too, and deletes it all. */
    @Override
    public void close() {
        try {
            if (joined && edge.process().isPresent() && cloud.process().isPresent()) {
                removePods();
            }
        } finally {
            for (Instance instance : List.of(edge, cloud)) {
                if (instance.exists()) {
                    instance.stop(Duration.ofSeconds(30));
                    Trees.delete(instance.folder());
                }
            }
        }
    }

    private void removePods() {
        remove(api.get(PODS).map(list -> list.findValuesAsText("name")).orElse(List.of()).stream()
                .filter(name -> name.startsWith("bench-") && !name.equals(NODE))
                .distinct()
                .toList());
    }

    /** Starts the node again after it was killed. */
    void restartEdge() {
        edge.start(Map.of());
    }
}
