package io.skep.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.instance.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The example {@code hello-edge} as the demo deploys it.
 *
 * @param examples the folder with it
 * @param port of its page
 * @param image in which it runs as a container; empty for a process
 */
record DemoApp(Path examples, int port, Optional<HostImage> image) {

    static final int USUAL_PORT = 8088;
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    List<JsonNode> objects() {
        try {
            ObjectNode program = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
            program.putObject("metadata").put("name", "hello-edge-program");
            program.putObject("data").put("HelloEdge.java", Instance.read(examples.resolve("HelloEdge.java")));
            List<JsonNode> objects = new ArrayList<>(List.of(program));
            String app = Instance.read(examples.resolve("hello-edge.yaml"))
                    .replace(Integer.toString(USUAL_PORT), Integer.toString(port));
            YAML.readerFor(JsonNode.class).<JsonNode>readValues(app).forEachRemaining(objects::add);
            if (image.isPresent()) {
                for (JsonNode object : objects) {
                    if (object.path("kind").asText().equals("Pod")) {
                        contain((ObjectNode) object.path("spec"), image.get().mounts());
                    }
                }
            }
            return objects;
        } catch (IOException e) {
            throw new LauncherException("cannot read the example: " + e, e);
        }
    }

    /** The machine's pids, so that the page names the process that the demo is to kill. */
    private static void contain(ObjectNode spec, List<Path> mounts) {
        spec.put("runtimeClassName", "cri").put("hostPID", true);
        ObjectNode container = (ObjectNode) spec.at("/containers/0");
        container.put("image", DemoEngine.IMAGE).put("imagePullPolicy", "Never");
        for (Path mount : mounts) {
            String name = "machine"
                    + mount.toString().replaceAll("[^A-Za-z0-9]+", "-").toLowerCase(java.util.Locale.ROOT);
            ((ArrayNode) spec.path("volumes"))
                    .addObject()
                    .put("name", name)
                    .putObject("hostPath")
                    .put("path", mount.toString())
                    .put("type", "Directory");
            ((ArrayNode) container.path("volumeMounts"))
                    .addObject()
                    .put("name", name)
                    .put("mountPath", mount.toString())
                    .put("readOnly", true);
        }
    }
}
