package io.skep.edged.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.node.Allotment;
import io.skep.edged.internal.node.Identity;
import io.skep.edged.internal.node.Machine;
import io.skep.edged.internal.pod.ShutdownPolicy;
import io.skep.edged.internal.pressure.Gauge;
import io.skep.edged.internal.pressure.Reading;
import io.skep.edged.internal.pressure.Signal;
import io.skep.edged.internal.pressure.Thresholds;
import io.skep.edged.internal.runtime.Runtimes;
import io.skep.edged.internal.spec.SysctlAllowlist;
import io.skep.edged.internal.upkeep.ImagePolicy;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.FakePodRuntime;
import io.skep.runtime.api.PodRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Edged with everything around it played by the test: the clock, MetaManager and the cloud behind it, the runtime. Objects
 * put into {@link #objects} are what MetaManager has, by resource.
 */
final class EdgedFixture {

    static final String NODE = "edge-1";

    final FakeModuleContext context = new FakeModuleContext(ModuleNames.EDGED);
    final InMemoryDocumentStore store = new InMemoryDocumentStore();
    final Map<String, String> objects = new TreeMap<>();
    final Map<String, Doc> cloud = new HashMap<>();
    final FakePodRuntime runtime = new FakePodRuntime(context.clock());
    final Path data;
    EdgedModule module;
    boolean online = true;
    boolean listFails;
    Thresholds thresholds = Thresholds.DEFAULT;
    final Map<Signal, Reading> readings = new EnumMap<>(Signal.class);
    SysctlAllowlist sysctls = SysctlAllowlist.of("");
    Optional<Path> manifests = Optional.empty();
    ShutdownPolicy shutdown = ShutdownPolicy.DEFAULT;
    private int created;
    private final Set<String> answered = new HashSet<>();

    EdgedFixture(Path data) {
        this.data = data;
    }

    /** Starts edged with its runtime. */
    EdgedFixture start() {
        startWithout();
        bind("process", runtime);
        return this;
    }

    /** Starts edged on a node that has no runtime yet. */
    EdgedFixture startWithout() {
        module = newModule();
        module.start(context, Handover.NONE);
        settle();
        return this;
    }

    EdgedModule newModule() {
        return new EdgedModule(store, settings(), new Runtimes(""), new Figures(), own -> own::work);
    }

    EdgedSettings settings() {
        return new EdgedSettings(
                new Identity(NODE, "192.0.2.10", Map.of(), 10350),
                "",
                data,
                new Allotment(3, 0, 0, 0, thresholds),
                sysctls,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(40),
                Duration.ofSeconds(60),
                manifests,
                ImagePolicy.DEFAULT,
                shutdown);
    }

    /** The node as the test says it is. */
    private final class Figures implements Gauge {
        @Override
        public Map<Signal, Reading> read(Machine.Load load) {
            return Map.copyOf(readings);
        }

        @Override
        public Optional<Reading> images(PodRuntime runtime) {
            return Optional.ofNullable(readings.get(Signal.IMAGEFS));
        }
    }

    void bind(String name, PodRuntime service) {
        module.bindRuntime(service, Map.of(PodRuntime.NAME, name));
        settle();
    }

    /** The process ends without a word and another one starts on the same store; containers stay. */
    void restart() {
        module.stop();
        settle();
        context.clear();
        start();
    }

    /** Edged alone is replaced; runtime and process stay. */
    void swap() {
        swap(runtime);
    }

    void swap(PodRuntime present) {
        Handover left = module.stop();
        module = newModule();
        module.start(context, left);
        bind("process", present);
    }

    /** Runs work and answers questions until nothing moves. */
    void settle() {
        boolean moved = true;
        while (moved) {
            context.runWork();
            moved = false;
            for (FakeModuleContext.Sent sent : context.sent()) {
                if (sent.message().header().sync()
                        && answered.add(sent.message().id())) {
                    answer(sent.message());
                    moved = true;
                }
            }
        }
    }

    void advance(Duration by) {
        Duration left = by;
        Duration step = Duration.ofMillis(250);
        while (!left.isZero()) {
            Duration next = left.compareTo(step) < 0 ? left : step;
            context.advance(next);
            settle();
            left = left.minus(next);
        }
    }

    private void answer(Message question) {
        String resource = question.route().resource();
        String operation = question.route().operation();
        if (resource.equals("default/pod")) {
            if (listFails) {
                context.answer(
                        question.error("metamanager", new EdgeException(Reason.SERVICE_UNAVAILABLE, "not ready")));
                return;
            }
            List<String> pods = objects.entrySet().stream()
                    .filter(e -> e.getKey().contains("/pod/"))
                    .map(Map.Entry::getValue)
                    .toList();
            context.answer(question.reply("metamanager", new Content.Json(Json.write(pods))));
        } else if (operation.equals(Operation.QUERY) && objects.containsKey(resource)) {
            context.answer(question.reply("metamanager", new Content.Json(Json.write(List.of(objects.get(resource))))));
        } else if (!online) {
            context.answer(
                    question.error("metamanager", new EdgeException(Reason.SERVICE_UNAVAILABLE, "not connected")));
        } else {
            context.answer(cloudAnswer(question, operation, resource));
        }
    }

    private Message cloudAnswer(Message question, String operation, String resource) {
        switch (operation) {
            case Operation.QUERY -> {
                return cloud.containsKey(resource)
                        ? question.reply("edgecontroller", new Content.Json(Json.write(cloud.get(resource))))
                        : question.error("metamanager", new EdgeException(Reason.NOT_FOUND, resource + " not found"));
            }
            case Operation.INSERT -> {
                if (cloud.containsKey(resource)) {
                    return question.reply(
                            "edgecontroller",
                            new Content.Json(
                                    "{\"Object\":null,\"Err\":{\"ErrStatus\":{\"reason\":\"AlreadyExists\"}}}"));
                }
                return stored(question, resource);
            }
            case Operation.UPDATE -> {
                return stored(question, resource);
            }
            default -> {
                cloud.remove(resource);
                return question.reply("edgecontroller", Content.OK);
            }
        }
    }

    private Message stored(Message question, String resource) {
        Doc object = Json.object(question.content().json()).with(uid(resource), "metadata", "uid");
        cloud.put(resource, object);
        return question.reply(
                "edgecontroller", new Content.Json(Json.write(Doc.of(mapOf("Object", object.asMap(), "Err", null)))));
    }

    private String uid(String resource) {
        return resource.contains("/pod/") ? "uid-" + ++created + "-of-a-pod" : "uid-of-" + resource;
    }

    private static Map<String, Object> mapOf(String a, Object first, String b, Object second) {
        Map<String, Object> map = new HashMap<>();
        map.put(a, first);
        map.put(b, second);
        return map;
    }

    /** MetaManager stores an object and passes it on. */
    void push(String operation, Doc object, String type) {
        String resource = object.text("metadata", "namespace") + "/" + type + "/" + object.text("metadata", "name");
        if (operation.equals(Operation.DELETE)) {
            objects.remove(resource);
        } else {
            objects.put(resource, Json.write(object));
        }
        tell(operation, resource, new Content.Json(Json.write(object)));
    }

    void tell(String operation, String resource, Content content) {
        module.receive(Message.of(Route.of("edgecontroller", "resource", operation, resource), content));
        settle();
    }

    void connected(boolean yes) {
        online = yes;
        String word = yes ? ModuleNames.CLOUD_CONNECTED : ModuleNames.CLOUD_DISCONNECTED;
        module.receive(Message.of(
                Route.of("edgehub", "edged", Operation.CONNECT, ModuleNames.NODE_CONNECTION), new Content.Json(word)));
        settle();
    }

    /** The last status patch sent for a pod. */
    Doc status(String name) {
        List<Doc> patches = patches(name);
        return patches.isEmpty() ? Doc.EMPTY : patches.get(patches.size() - 1).object("status");
    }

    List<Doc> patches(String name) {
        return context.sentTo(ModuleNames.META_MANAGER).stream()
                .filter(m -> m.route().resource().equals("default/podpatch/" + name))
                .map(m -> Json.object((String) Json.read(m.content().json())))
                .toList();
    }

    /** The first app container of the last status. */
    Doc container(String pod) {
        return status(pod).objects("containerStatuses").get(0);
    }

    String waiting(String pod) {
        return container(pod).text("state", "waiting", "reason");
    }

    String condition(String pod, String type) {
        return status(pod).objects("conditions").stream()
                .filter(c -> c.text("type").equals(type))
                .map(c -> c.text("status"))
                .findFirst()
                .orElse("");
    }

    /** Reasons of the events sent, in order. */
    List<String> events() {
        return events("reason");
    }

    /** One field of each event sent, in order. */
    List<String> events(String field) {
        return context.sentTo(ModuleNames.META_MANAGER).stream()
                .filter(m -> m.route().resource().contains("/event/"))
                .map(m -> Json.object(m.content().json()).text(field))
                .toList();
    }

    List<Message> sent(String operation, String resource) {
        return context.sentTo(ModuleNames.META_MANAGER).stream()
                .filter(m -> m.route().operation().equals(operation))
                .filter(m -> m.route().resource().equals(resource))
                .toList();
    }

    /** Calls of one method of the runtime. */
    long calls(String method) {
        return runtime.calls().stream().filter(c -> c.startsWith(method + " ")).count();
    }
}
