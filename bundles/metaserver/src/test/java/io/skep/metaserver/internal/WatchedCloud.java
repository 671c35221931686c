package io.skep.metaserver.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A cloud with objects of one kind and a DynamicController: it lists them, knows who watches, and sends a node that does what
 * there is and what changes, as KubeEdge's does.
 */
final class WatchedCloud implements Function<Message, Message> {

    private final Node node;
    private final Map<String, KubeObject> objects = new TreeMap<>();
    private final Map<String, Doc> watches = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private Optional<Status> refusal = Optional.empty();
    private Runnable beforeList = () -> {};
    private int revision = 10;

    /** The cloud of a node, linked. */
    WatchedCloud(Node node) {
        this.node = node;
        node.cloud = this;
    }

    /** Keys and verbs, and {@code sync}. */
    List<String> asked() {
        return asked;
    }

    /** Keys of what the node watches. */
    List<String> watched() {
        return watches.values().stream().map(watch -> watch.text("Key")).toList();
    }

    /** Refuses everything from now on. */
    void refuse(String reason, int code) {
        refusal = Optional.of(Status.of(reason, code, "refused"));
    }

    /** Runs once, after the next list was made and before it is sent. */
    void beforeNextList(Runnable task) {
        beforeList = task;
    }

    /** Loses what it knew of watches, as by a restart. */
    void forgetWatches() {
        watches.clear();
    }

    void put(KubeObject object) {
        KubeObject now = object.with(Integer.toString(++revision), "metadata", "resourceVersion");
        objects.put(now.name(), now);
        if (!watches.isEmpty() && node.cloud == this) {
            node.keep(Row.key(key(now)), now);
        }
    }

    void delete(String name) {
        revision++;
        KubeObject gone = objects.remove(name);
        if (!watches.isEmpty() && node.cloud == this) {
            node.forget(Row.key(key(gone)));
        }
    }

    private static io.skep.kube.api.ObjectKey key(KubeObject object) {
        return new io.skep.kube.api.ObjectKey(
                io.skep.kube.api.Kinds.of(object.apiVersion(), object.kind()).orElseThrow(),
                object.namespace(),
                object.name());
    }

    @Override
    public Message apply(Message question) {
        Doc content = Json.object(question.content().json()).orElseThrow();
        return answer(question, question.route().resource().equals("watchapp/sync") ? sync(content) : done(content));
    }

    private Map<String, Object> sync(Doc all) {
        asked.add("sync");
        Map<String, Object> failed = new LinkedHashMap<>();
        watches.keySet().removeIf(id -> !all.has(id));
        for (String id : all.asMap().keySet()) {
            if (refusal.isPresent()) {
                watches.remove(id);
                failed.put(id, rejected(all.object(id), refusal.get()));
            } else if (!watches.containsKey(id)) {
                begin(all.object(id));
            }
        }
        return failed;
    }

    private Map<String, Object> done(Doc application) {
        asked.add(application.text("Verb") + " " + application.text("Key"));
        if (refusal.isPresent()) {
            return rejected(application, refusal.get());
        }
        String body = "";
        if (application.text("Verb").equals("watch")) {
            begin(application);
        } else {
            body = list();
            Runnable meanwhile = beforeList;
            beforeList = () -> {};
            meanwhile.run();
        }
        return application
                .with("Approved", "Status")
                .with(Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)), "RespBody")
                .asMap();
    }

    private void begin(Doc application) {
        watches.put(application.text("ID"), application);
        objects.values().forEach(object -> node.keep(Row.key(key(object)), object));
    }

    private String list() {
        return Json.write(Map.of(
                "metadata",
                Map.of("resourceVersion", Integer.toString(revision)),
                "items",
                objects.values().stream().map(object -> object.doc().asMap()).toList()));
    }

    private static Map<String, Object> rejected(Doc application, Status why) {
        return application
                .with("Rejected", "Status")
                .with(
                        Map.of("reason", why.reason(), "code", why.code(), "message", why.message()),
                        "Error",
                        "ErrStatus")
                .asMap();
    }

    private static Message answer(Message question, Map<String, Object> content) {
        Route route = Route.of("dynamiccontroller", "resource", "applicationResponse", "ignore/Application/ignore");
        return new Message(Header.create(question.id()), route, new Content.Json(Json.write(content)));
    }
}
