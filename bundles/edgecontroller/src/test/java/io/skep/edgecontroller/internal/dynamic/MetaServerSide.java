package io.skep.edgecontroller.internal.dynamic;

import static io.skep.kube.api.InMemoryResourceStore.tree;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import io.skep.edgecontroller.internal.Json;
import io.skep.kube.api.Doc;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.WriteOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The module under test with a store and a node that speaks as EdgeCore's MetaServer does. */
final class MetaServerSide {

    static final String NODE = "edge-1";

    static final ResourceKind SERVICE =
            new ResourceKind("", "v1", "Service", "services", "service", true, List.of(), List.of(), List.of("status"));

    static final DynamicSettings DEFAULTS = new DynamicSettings(
            true, Set.of("pods", "configmaps", "secrets", "services", "nodes", "namespaces"), Set.of(), true, 3);

    final InMemoryResourceStore store;
    FakeModuleContext context = new FakeModuleContext(ModuleNames.DYNAMIC_CONTROLLER);
    DynamicControllerModule module;

    MetaServerSide(DynamicSettings settings) {
        List<ResourceKind> kinds = new ArrayList<>(Kinds.ALL);
        kinds.add(SERVICE);
        store = new InMemoryResourceStore(kinds);
        module = new DynamicControllerModule(store, settings);
    }

    /** A running module with a connected node. */
    static MetaServerSide with(DynamicSettings settings) {
        MetaServerSide side = new MetaServerSide(settings);
        side.start(Handover.NONE, List.of(NODE));
        return side;
    }

    static DynamicSettings writing(String... kinds) {
        return new DynamicSettings(true, DEFAULTS.reads(), Set.of(kinds), true, 3);
    }

    void start(Handover left, List<String> connected) {
        module.start(context, left);
        context.sentTo(ModuleNames.CLOUD_HUB).stream()
                .filter(m -> m.route().resource().equals("sessions"))
                .forEach(m -> context.answer(m.reply(
                        ModuleNames.CLOUD_HUB,
                        new Content.Json(Json.text(Doc.of(Map.of(
                                        "all",
                                        connected.stream()
                                                .map(n -> tree("node", n))
                                                .toList()))
                                .items("all"))))));
        context.runWork();
    }

    /** The module alone is replaced. */
    void swap(DynamicSettings settings, List<String> connected) {
        Handover left = module.stop();
        module = new DynamicControllerModule(store, settings);
        context = new FakeModuleContext(ModuleNames.DYNAMIC_CONTROLLER);
        start(left, connected);
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
                        ModuleNames.DYNAMIC_CONTROLLER,
                        Operation.CONNECT,
                        "node/" + node + "/connection"),
                new Content.Json(state)));
        context.runWork();
    }

    static Map<String, Object> application(String verb, String key, Object option, Object body) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("ID", verb + key + option);
        fields.put("Key", key);
        fields.put("Verb", verb);
        fields.put("Nodename", NODE);
        fields.put("Option", bytes(option));
        fields.put("ReqBody", body == null ? null : bytes(body));
        fields.put("Subresource", "");
        fields.put("RespBody", null);
        fields.put("Status", "InApplying");
        fields.put("Reason", "");
        fields.put("Error", tree("ErrStatus", tree("metadata", tree())));
        fields.put("Timestamp", "0001-01-01T00:00:00Z");
        return fields;
    }

    static String bytes(Object tree) {
        return Base64.getEncoder().encodeToString(Json.text(tree).getBytes(StandardCharsets.UTF_8));
    }

    /** Sends without letting the work run. */
    Message send(String node, String resource, Object content) {
        Message message = Message.of(
                Route.of(
                        ModuleNames.META_SERVER,
                        ModuleNames.DYNAMIC_CONTROLLER,
                        "null",
                        "node/" + node + "/" + resource),
                new Content.Json(Json.text(content)));
        module.receive(message);
        return message;
    }

    /** The answer to one application. */
    Doc apply(Map<String, Object> application) {
        Message message = send(NODE, "null", application);
        context.runWork();
        return answer(message);
    }

    Doc apply(String verb, String key) {
        return apply(application(verb, key, tree(), null));
    }

    Doc watch(String key, String fieldSelector) {
        return apply(application(
                "watch", key, fieldSelector.isEmpty() ? tree() : tree("fieldSelector", fieldSelector), null));
    }

    /** The answer to the set of all watches. */
    Doc sync(Map<String, Object> applications) {
        Message message = send(NODE, "watchapp/sync", applications);
        context.runWork();
        return answer(message);
    }

    Doc answer(Message request) {
        return Json.object(answerMessage(request).content());
    }

    Message answerMessage(Message request) {
        List<Message> answers = context.sentTo(ModuleNames.CLOUD_HUB).stream()
                .filter(m -> m.parentId().equals(request.id()))
                .toList();
        if (answers.size() != 1) {
            throw new AssertionError("expected one answer, got " + answers);
        }
        return answers.get(0);
    }

    static Doc result(Doc answer) {
        return Json.object(new Content.Json(text(answer)));
    }

    static String text(Doc answer) {
        return new String(Base64.getDecoder().decode(answer.text("RespBody")), StandardCharsets.UTF_8);
    }

    /** Status and reason of the error in an answer. */
    static String refusal(Doc answer) {
        return answer.text("Status") + " " + answer.text("Error", "ErrStatus", "reason");
    }

    /** Objects pushed since the last look, each as {@code operation resource}. */
    List<String> pushed() {
        context.runWork();
        List<String> pushed = context.sentTo(ModuleNames.CLOUD_HUB).stream()
                .filter(m -> m.parentId().isEmpty() && !m.route().resource().equals("sessions"))
                .map(m -> m.route().operation() + " " + m.route().resource())
                .toList();
        context.clear();
        return pushed;
    }

    KubeObject create(ResourceKind kind, String namespace, String name, Map<String, Object> more) {
        Map<String, Object> object = new LinkedHashMap<>(more);
        object.put("metadata", tree("name", name));
        return store.create(kind, namespace, KubeObject.of(object), WriteOptions.NONE);
    }

    KubeObject configMap(String name) {
        return create(Kinds.CONFIG_MAP, "default", name, tree("data", tree("a", "1")));
    }

    KubeObject service(String name) {
        return create(SERVICE, "default", name, tree("spec", tree("type", "ClusterIP")));
    }

    KubeObject pod(String name, String node) {
        return create(Kinds.POD, "default", name, tree("spec", tree("nodeName", node, "containers", List.of())));
    }

    /** A pod of the node that uses a ConfigMap and a Secret. */
    KubeObject podWith(String configMap, String secret) {
        List<Object> volumes = List.of(
                tree("name", "c", "configMap", tree("name", configMap)),
                tree("name", "s", "secret", tree("secretName", secret)));
        return create(
                Kinds.POD,
                "default",
                "user-of-" + configMap,
                tree("spec", tree("nodeName", NODE, "containers", List.of(), "volumes", volumes)));
    }
}
