package io.skep.metaserver.internal;

import io.skep.core.api.memory.NodeMemory;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.service.event.Event;

/** A node with MetaServer on it: rows as MetaManager writes them, and a cloud that answers as the test says. */
final class Node {

    static final String NS = "default";

    final InMemoryDocumentStore disk = new InMemoryDocumentStore();
    final FakeModuleContext context = new FakeModuleContext(ModuleNames.META_SERVER);
    final MetaServerModule module;
    Optional<ResourceStore> offered = Optional.empty();

    /** What the cloud answers; there is none at first. */
    Function<Message, Message> cloud = Cloud.AWAY;

    Node() {
        this(disk -> disk);
    }

    Node(Function<DocumentStore, DocumentStore> around) {
        module = new MetaServerModule(around.apply(disk), (bus, question) -> cloud.apply(question), store -> {
            offered = Optional.of(store);
            return () -> offered = Optional.empty();
        });
    }

    Node started() {
        module.start(context, Handover.NONE);
        context.runWork();
        return this;
    }

    ResourceStore store() {
        return offered.orElseThrow();
    }

    /** MetaManager writes an object and says so. */
    void keep(String key, KubeObject object) {
        row(key, object.apiVersion(), object.kind(), object.doc().asMap());
    }

    /** Edged states a status. */
    void state(String key, String patch) {
        row(key, "", "", patch);
    }

    void row(String key, String apiVersion, String kind, Object value) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(NodeMemory.TYPE, key.split("/")[1]);
        row.put("source", "edgecontroller");
        row.put(NodeMemory.API_VERSION, apiVersion);
        row.put(NodeMemory.KIND, kind);
        row.put("uid", "");
        row.put("resourceVersion", "");
        row.put(NodeMemory.VALUE, value);
        disk.put(NodeMemory.COLLECTION, key, DocumentStore.ANY, Json.write(row));
        changed(key);
    }

    void forget(String key) {
        disk.delete(NodeMemory.COLLECTION, key, DocumentStore.ANY);
        changed(key);
    }

    void changed(String... keys) {
        module.handleEvent(new Event(NodeMemory.CHANGED, Map.of(NodeMemory.KEYS, keys)));
        context.runWork();
    }

    /** EdgeHub says so, as it does to all who want to know. */
    void linkReturns() {
        Route route = Route.of("edgehub", ModuleNames.META_SERVER, Operation.CONNECT, ModuleNames.NODE_CONNECTION);
        module.receive(Message.of(route, new Content.Json(ModuleNames.CLOUD_CONNECTED)));
    }

    List<String> names(ResourceKind kind, ListOptions options) {
        return store().list(kind, NS, options).items().stream()
                .map(KubeObject::name)
                .toList();
    }

    KubeObject pod(String name) {
        return store().get(new ObjectKey(Kinds.POD, NS, name));
    }

    RecordingWatcher watch(ResourceKind kind, ListOptions options) {
        RecordingWatcher watcher = new RecordingWatcher();
        store().watch(kind, NS, options, watcher);
        return watcher;
    }

    static KubeObject pod(String name, String uid, Map<String, String> labels) {
        return object(Kinds.POD, NS, name, uid)
                .with(labels, "metadata", "labels")
                .with("worker", "spec", "nodeName")
                .with("Pending", "status", "phase");
    }

    static KubeObject object(ResourceKind kind, String namespace, String name, String uid) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", name);
        metadata.put("uid", uid);
        metadata.put("resourceVersion", "7");
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return KubeObject.of(Map.of("apiVersion", kind.apiVersion(), "kind", kind.kind(), "metadata", metadata));
    }

    static String phase(String uid, String phase) {
        return "{\"metadata\":{\"uid\":\"" + uid + "\"},\"status\":{\"phase\":\"" + phase + "\"}}";
    }
}
