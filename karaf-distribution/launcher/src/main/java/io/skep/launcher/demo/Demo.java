package io.skep.launcher.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skep.launcher.command.JoinCommand;
import io.skep.launcher.command.KubeApi;
import io.skep.launcher.command.Site;
import io.skep.launcher.command.TokenCommand;
import io.skep.launcher.command.UpCommand;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Waiting;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Monitor;
import io.skep.launcher.instance.Ports;
import io.skep.launcher.instance.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The autonomy story on a real app: each step waits until its effect is seen from outside. */
final class Demo {

    private static final String NODE = "edge-1";
    private static final String POD = "/api/v1/namespaces/default/pods/hello-edge";
    private static final String CONFIG = "/api/v1/namespaces/default/configmaps/hello-edge";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration SHORT = Duration.ofSeconds(40);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Instance cloud;
    private final Instance edge;
    private final Timeline timeline;
    private final DemoRuntime runtime;
    private final DemoApp app;
    private final boolean freePorts;
    private final URI page;

    /** @param freePorts whether to keep off the default ports, which somebody else may use */
    Demo(Home home, Timeline timeline, DemoRuntime runtime, boolean freePorts) {
        this.cloud = home.instance("cloud");
        this.edge = home.instance("edge");
        this.timeline = timeline;
        this.runtime = runtime;
        this.freePorts = freePorts;
        int port = freePorts ? Ports.freePort() : DemoApp.USUAL_PORT;
        this.app = new DemoApp(home.distribution().resolve("examples"), port, runtime.image());
        this.page = URI.create("http://127.0.0.1:" + port + "/");
    }

    void run() {
        timeline.step("cloud started", () -> UpCommand.start(cloud, Role.CLOUD, ports(), START));
        KubeApi api = KubeApi.of(cloud.data().resolve("kube/admin.kubeconfig"));
        timeline.step("edge node started", () -> {
            JoinCommand.join(
                    edge,
                    "127.0.0.1:" + cloudPort("websocket.port", "10000"),
                    Integer.parseInt(cloudPort("https.port", "10002")),
                    TokenCommand.token(api),
                    NODE);
            Site.tunnel(cloud, edge);
            UpCommand.start(edge, Role.EDGE, nodeSettings(), START);
        });
        timeline.step("node " + NODE + " Ready", () -> {}, SHORT, () -> nodeReady(api));
        // Its node has to be there to end it.
        timeline.step(
                "app of an earlier demo removed",
                () -> api.delete(POD),
                SHORT,
                () -> api.get(POD).isEmpty());
        timeline.step("pod hello-edge Running and Ready", () -> deploy(api), SHORT, () -> podReady(api));
        timeline.step("page served", () -> {}, SHORT, () -> page().contains("Hello from the edge"));
        timeline.step(
                "ConfigMap changed, page follows",
                () -> greet(api, "Hello again from the edge"),
                SHORT,
                () -> page().contains("Hello again from the edge"));
        offline();
        online(api);
        timeline.step(
                "pod deleted, its process gone",
                () -> api.delete(POD),
                SHORT,
                () -> page().isEmpty() && api.get(POD).isEmpty());
        timeline.step(
                "app deployed once more, to stay",
                () -> deploy(api),
                SHORT,
                () -> podReady(api) && page().contains("Hello from the edge"));
    }

    private List<String> ports() {
        return freePorts ? Ports.free() : List.of();
    }

    private List<String> nodeSettings() {
        List<String> settings = new ArrayList<>(ports());
        settings.addAll(runtime.settings());
        return settings;
    }

    private String cloudPort(String key, String otherwise) {
        return cloud.setting("io.skep.cloudhub", key).orElse(otherwise);
    }

    private void offline() {
        timeline.step("cloud killed with -9, page still served", () -> kill(cloud), SHORT, () -> !page().isEmpty());
        timeline.step("edge and app killed with -9, page gone", this::killEdgeAndApp, SHORT, () -> page().isEmpty());
        timeline.step(
                "edge restarted offline, page served from the node's own store",
                () -> edge.start(java.util.Map.of()),
                START,
                () -> page().contains("Hello again from the edge"));
    }

    private void online(KubeApi api) {
        String before = page();
        timeline.step("cloud back", () -> UpCommand.start(cloud, Role.CLOUD, List.of(), START));
        timeline.step("node " + NODE + " Ready again", () -> {}, SHORT, () -> nodeReady(api));
        timeline.step("status agrees", () -> {}, SHORT, () -> podReady(api));
        if (!process(before).equals(process(page()))) {
            throw new LauncherException("the demo failed: the app was restarted when the cloud came back, from process "
                    + process(before) + " to " + process(page()));
        }
        timeline.say("                   app process " + process(before) + " was not restarted by it");
    }

    /** The page names the process that serves it. */
    private static String process(String page) {
        return page.replaceAll("(?s).*process (\\d+).*", "$1");
    }

    private void deploy(KubeApi api) {
        app.objects().forEach(api::apply);
    }

    private void greet(KubeApi api, String greeting) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("data").put("greeting", greeting);
        api.patch(CONFIG, patch);
    }

    private static void kill(Instance instance) {
        ProcessHandle process = instance.process()
                .orElseThrow(() -> new LauncherException("instance '" + instance.name() + "' does not run"));
        process.destroyForcibly();
        Waiting.until(Duration.ofSeconds(5), () -> !process.isAlive());
    }

    private void killEdgeAndApp() {
        Optional<ProcessHandle> app = ProcessHandle.of(Long.parseLong(process(page())));
        kill(edge);
        app.ifPresent(ProcessHandle::destroyForcibly);
    }

    private boolean nodeReady(KubeApi api) {
        return api.get("/api/v1/nodes/" + NODE)
                .filter(n -> KubeApi.condition(n, "Ready"))
                .isPresent();
    }

    private boolean podReady(KubeApi api) {
        return api.get(POD)
                .filter(p -> p.at("/status/phase").asText().equals("Running") && KubeApi.condition(p, "Ready"))
                .isPresent();
    }

    /** The page, or {@code ""} when nobody serves it. */
    private String page() {
        HttpRequest request =
                HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(2)).build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Stops the edge with its app and the cloud. A container is the engine's, so the node has to remove it. */
    void down() {
        if (runtime.image().isPresent()) {
            Monitor node = new Monitor(edge);
            timeline.step(
                    "app removed",
                    () -> KubeApi.of(cloud.data().resolve("kube/admin.kubeconfig"))
                            .delete(POD),
                    SHORT,
                    () -> node.total("skep_pods") == 0);
            kill(edge);
        } else {
            killEdgeAndApp();
        }
        cloud.stop(Duration.ofSeconds(30));
    }

    void printNext() {
        System.out.println();
        System.out.println("Everything is left running. Now try:");
        System.out.println("  open " + page + "                  the app's page");
        System.out.println("  ./skep kubectl get pods -o wide             kubectl against the cloud");
        System.out.println("  ./skep shell --name edge edge:pods          the node's own view");
        System.out.println("  ./skep status; ./skep logs edge -f; ./skep down");
    }
}
