package io.skep.metaserver.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
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
 * A cloud with objects of one kind, definitions of custom ones, and a DynamicController: it lists them, knows who watches, and sends a node that does what
 * there is and what changes, as KubeEdge's does.
 */
final class WatchedCloud implements Function<Message, Message> {

    private final Node node;
    private final ResourceKind kind;
    private final List<Map<String, Object>> definitions = new ArrayList<>();
    private final Map<String, KubeObject> objects = new TreeMap<>();
    private final Map<String, Doc> watches = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> harm = new ArrayList<>();
    private Optional<Status> refusal = Optional.empty();
    private String unlisted = "";
    private Runnable beforeList = () -> {};
    private int revision = 10;

    /** The cloud of a node, linked, with events. */
    WatchedCloud(Node node) {
        this(node, Kinds.EVENT);
    }

    WatchedCloud(Node node, ResourceKind kind) {
        this.node = node;
        this.kind = kind;
        node.cloud = this;
    }

    /** Has a definition of a custom resource, as a Kubernetes server shows it. */
    void define(ResourceKind custom) {
        Map<String, Object> names = Map.of(
                "kind",
                custom.kind(),
                "plural",
                custom.plural(),
                "singular",
                custom.singular(),
                "shortNames",
                custom.shortNames());
        Map<String, Object> served =
                Map.of("name", custom.version(), "served", true, "subresources", Map.of("status", Map.of()));
        Map<String, Object> former = Map.of("name", "v0", "served", false);
        definitions.add(Map.of(
                "spec",
                Map.of(
                        "group",
                        custom.group(),
                        "names",
                        names,
                        "scope",
                        custom.namespaced() ? "Namespaced" : "Cluster",
                        "versions",
                        List.of(former, served))));
    }

    /** Has none of the definitions any more. */
    void undefine() {
        definitions.clear();
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

    /** Cannot list its objects from now on, and says why as KubeEdge's cloud does: without a Status. */
    void refuseLists(String why) {
        unlisted = why;
    }

    void refuseNothing() {
        refusal = Optional.empty();
        unlisted = "";
    }

    /** Keys of the watches it was asked for of what it cannot list: KubeEdge's cloud exits over one, or does nothing more. */
    List<String> harm() {
        return harm;
    }

    /** Runs once, after the next whole list was made and before it is sent. */
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

    private ObjectKey key(KubeObject object) {
        return new ObjectKey(kind, object.namespace(), object.name());
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
        if (application.text("Key").startsWith("/apiextensions.k8s.io/v1/customresourcedefinitions/")) {
            body = definitions(option(application));
        } else if (!application.text("Key").contains("/" + kind.plural() + "/")) {
            return rejected(application, Status.of(Status.NOT_FOUND, 404, "the server could not find the resource"));
        } else if (application.text("Verb").equals("watch")) {
            begin(application);
        } else if (!unlisted.isEmpty()) {
            return application
                    .with("Rejected", "Status")
                    .with("get current list error: " + unlisted, "Reason")
                    .asMap();
        } else {
            body = list();
            if (!option(application).has("limit")) {
                Runnable meanwhile = beforeList;
                beforeList = () -> {};
                meanwhile.run();
            }
        }
        return application
                .with("Approved", "Status")
                .with(Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)), "RespBody")
                .asMap();
    }

    private static Doc option(Doc application) {
        return Json.object(new String(Base64.getDecoder().decode(application.text("Option")), StandardCharsets.UTF_8))
                .orElseThrow();
    }

    /** One a page. */
    private String definitions(Doc option) {
        int at = option.text("continue").isEmpty() ? 0 : Integer.parseInt(option.text("continue"));
        String next = at + 1 < definitions.size() ? Integer.toString(at + 1) : "";
        return Json.write(Map.of(
                "metadata",
                Map.of("continue", next),
                "items",
                definitions.subList(at, Math.min(at + 1, definitions.size()))));
    }

    private void begin(Doc application) {
        if (!unlisted.isEmpty()) {
            harm.add(application.text("Key"));
        }
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
