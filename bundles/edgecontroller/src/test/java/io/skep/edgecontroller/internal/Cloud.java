package io.skep.edgecontroller.internal;

import static io.skep.kube.api.InMemoryResourceStore.tree;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.WriteOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The module under test with a store, a bus that records and a clock that waits. */
final class Cloud {

    static final String NODE = "edge-1";

    final InMemoryResourceStore store;
    final FakeModuleContext context = new FakeModuleContext(ModuleNames.EDGE_CONTROLLER);
    EdgeControllerModule module;

    static final EdgeControllerSettings SETTINGS = new EdgeControllerSettings(
            Duration.ofSeconds(5), Duration.ofSeconds(30), true, Duration.ofSeconds(40), true);

    Cloud() {
        this(new InMemoryResourceStore());
    }

    Cloud(InMemoryResourceStore store) {
        this.store = store;
        this.module = new EdgeControllerModule(store, SETTINGS);
    }

    /** A running module with an edge node that is connected. */
    static Cloud withNode() {
        Cloud cloud = new Cloud();
        cloud.node(NODE);
        cloud.start();
        cloud.connect(NODE);
        return cloud;
    }

    void start() {
        start(Handover.NONE);
    }

    /** The module alone is replaced. */
    void swap() {
        Handover left = module.stop();
        module = new EdgeControllerModule(store, SETTINGS);
        start(left);
    }

    private void start(Handover left) {
        module.start(context, left);
        context.runWork();
        context.sentTo(ModuleNames.CLOUD_HUB).stream()
                .filter(m -> m.route().resource().equals("sessions"))
                .forEach(m -> context.answer(m.reply(ModuleNames.CLOUD_HUB, new Content.Json("[]"))));
        context.clear();
    }

    void connect(String node) {
        link(node, ModuleNames.CLOUD_CONNECTED);
    }

    void disconnect(String node) {
        link(node, ModuleNames.CLOUD_DISCONNECTED);
    }

    private void link(String node, String state) {
        module.receive(Message.of(
                Route.of(
                        ModuleNames.CLOUD_HUB,
                        ModuleNames.EDGE_CONTROLLER,
                        Operation.CONNECT,
                        "node/" + node + "/connection"),
                new Content.Json(state)));
        context.runWork();
    }

    KubeObject node(String name) {
        return store.create(
                Kinds.NODE,
                "",
                KubeObject.of(tree(
                        "metadata",
                        tree("name", name, "labels", Map.of("node-role.kubernetes.io/edge", "")),
                        "spec",
                        tree(),
                        "status",
                        tree("conditions", List.of(tree("type", "Ready", "status", "True"))))),
                WriteOptions.NONE);
    }

    KubeObject pod(String name, Map<String, Object> spec) {
        return store.create(
                Kinds.POD,
                "default",
                KubeObject.of(tree("metadata", tree("name", name), "spec", spec)),
                WriteOptions.NONE);
    }

    KubeObject pod(String name) {
        return pod(name, tree("nodeName", NODE, "containers", List.of(tree("name", "web"))));
    }

    KubeObject podWithConfig(String name, String configMap) {
        Map<String, Object> container =
                tree("name", "web", "envFrom", List.of(tree("configMapRef", tree("name", configMap))));
        return pod(name, tree("nodeName", NODE, "containers", List.of(container)));
    }

    KubeObject configMap(String name) {
        return store.create(
                Kinds.CONFIG_MAP,
                "default",
                KubeObject.of(tree("metadata", tree("name", name), "data", tree("a", "1"))),
                WriteOptions.NONE);
    }

    /** The record that a node acknowledged an object at a version. */
    void synced(String node, KubeObject object, String version) {
        ObjectKey key = new ObjectKey(Kinds.OBJECT_SYNC, object.namespace(), node + "." + object.uid());
        KubeObject sync = KubeObject.of(tree(
                "metadata",
                tree("name", key.name()),
                "spec",
                tree(
                        "objectAPIVersion",
                        object.apiVersion(),
                        "objectKind",
                        object.kind(),
                        "objectName",
                        object.name())));
        KubeObject made = store.create(Kinds.OBJECT_SYNC, object.namespace(), sync, WriteOptions.NONE);
        store.update(key, "status", made.with(Map.of("objectResourceVersion", version), "status"), WriteOptions.NONE);
    }

    /** A message of the node, as the hub passes it on. */
    Message says(String operation, String resource, String json) {
        Message message = Message.of(
                Route.of(ModuleNames.EDGED, "meta", operation, "node/" + NODE + "/" + resource),
                new Content.Json(json));
        module.receive(message);
        context.runWork();
        return message;
    }

    /** What was sent to the hub since the last look. */
    List<Message> sent() {
        context.runWork();
        List<Message> sent = context.sentTo(ModuleNames.CLOUD_HUB);
        context.clear();
        return sent;
    }

    /** As {@link #sent}, each as {@code operation resource}. */
    List<String> sentRoutes() {
        return sent().stream()
                .map(m -> m.route().operation() + " " + m.route().resource())
                .toList();
    }

    Message onlyReply(Message request) {
        List<Message> replies =
                sent().stream().filter(m -> m.parentId().equals(request.id())).toList();
        if (replies.size() != 1) {
            throw new AssertionError("expected one reply, got " + replies);
        }
        return replies.get(0);
    }
}
