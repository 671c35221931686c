package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.Handover;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one EdgeController leaves to the next in the same process. Objects are in the store and are listed again.
 *
 * @param pulses when nodes were heard of last, by name
 * @param requests of nodes that were taken and not answered yet, in order; bounded by the jobs a module may have waiting
 * @param answers that the hub had no room for
 */
record Left(Map<String, Pulse> pulses, List<Message> requests, List<Message> answers) {

    static final Left NOTHING = new Left(Map.of(), List.of(), List.of());

    private static final int VERSION = 1;

    /**
     * A node's signs of life.
     *
     * @param seen the last
     * @param lost whether it was marked unreachable since
     */
    record Pulse(Instant seen, boolean lost) {}

    Left {
        pulses = Map.copyOf(pulses);
        requests = List.copyOf(requests);
        answers = List.copyOf(answers);
    }

    Handover handover() {
        Map<String, Object> all = new HashMap<>();
        pulses.forEach(
                (node, pulse) -> all.put(node, Map.of("seen", pulse.seen().toString(), "lost", pulse.lost())));
        return new Handover(
                VERSION,
                Json.text(Map.of(
                        "pulses",
                        all,
                        "requests",
                        requests.stream().map(Left::tree).toList(),
                        "answers",
                        answers.stream().map(Left::tree).toList())));
    }

    /**
     * What a predecessor left.
     *
     * @throws IllegalStateException when it speaks another version
     */
    static Left read(Handover handover) {
        if (handover.isEmpty()) {
            return NOTHING;
        }
        if (handover.version() != VERSION) {
            throw new IllegalStateException(
                    "edgecontroller knows handover version " + VERSION + ", was left version " + handover.version());
        }
        Doc state = Json.object(new Content.Json(handover.state()));
        Doc pulses = state.object("pulses");
        return new Left(
                pulses.asMap().keySet().stream()
                        .collect(Collectors.toMap(
                                node -> node,
                                node -> new Pulse(
                                        instant(pulses.object(node).text("seen")),
                                        pulses.object(node).flag(false, "lost")))),
                state.objects("requests").stream().map(Left::message).toList(),
                state.objects("answers").stream().map(Left::message).toList());
    }

    private static Instant instant(String text) {
        return Times.parse(text)
                .orElseThrow(() -> new IllegalStateException("edgecontroller was left a time that is none: " + text));
    }

    private static Map<String, Object> tree(Message message) {
        Header header = message.header();
        Route route = message.route();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", header.id());
        tree.put("parentId", header.parentId());
        tree.put("created", header.created().toString());
        tree.put("resourceVersion", header.resourceVersion());
        tree.put("sync", header.sync());
        tree.put("type", header.type());
        tree.put("source", route.source());
        tree.put("destination", route.destination());
        tree.put("group", route.group());
        tree.put("operation", route.operation());
        tree.put("resource", route.resource());
        if (message.content() instanceof Content.Failure failure) {
            tree.put("reason", failure.reason());
            tree.put("message", failure.message());
        } else if (message.content() instanceof Content.Json json) {
            tree.put("content", json.json());
        }
        return tree;
    }

    private static Message message(Doc tree) {
        Content content = tree.has("reason")
                ? new Content.Failure(tree.text("reason"), tree.text("message"))
                : tree.has("content") ? new Content.Json(tree.text("content")) : Content.EMPTY;
        return new Message(
                new Header(
                        tree.text("id"),
                        tree.text("parentId"),
                        instant(tree.text("created")),
                        tree.text("resourceVersion"),
                        tree.flag(false, "sync"),
                        tree.text("type")),
                new Route(
                        tree.text("source"),
                        tree.text("destination"),
                        tree.text("group"),
                        tree.text("operation"),
                        tree.text("resource")),
                content);
    }
}
