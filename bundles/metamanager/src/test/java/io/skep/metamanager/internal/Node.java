package io.skep.metamanager.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.DocumentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A started MetaManager and its surroundings, with the words tests use. */
final class Node {

    final FakeModuleContext context = new FakeModuleContext(ModuleNames.META_MANAGER);
    final MetaManagerModule module;

    /** Keys of rows that were said to have changed. */
    final List<String> changed = new ArrayList<>();

    Node(DocumentStore store) {
        this(store, Handover.NONE);
    }

    Node(DocumentStore store, Handover handover) {
        module = new MetaManagerModule(
                store, changed::addAll, new MetaManagerSettings(Duration.ofSeconds(60), Duration.ofMillis(100)));
        module.start(context, handover);
        context.runWork();
    }

    /** The cloud is there, and has nothing to send again. */
    Node connected() {
        link(ModuleNames.CLOUD_CONNECTED);
        context.clear();
        return this;
    }

    /** EdgeHub says what became of the link. */
    void link(String state) {
        receive(Message.of(
                Route.of("edgehub", "meta", "connect", ModuleNames.NODE_CONNECTION), new Content.Json(state)));
    }

    /** A message from the cloud. */
    Message cloud(String operation, String resource, String version, String json) {
        Message message =
                Message.of(Route.of("edgecontroller", "resource", operation, resource), new Content.Json(json));
        message = message.withHeader(message.header().withResourceVersion(version));
        receive(message);
        return message;
    }

    /** A request of edged, which waits for the answer. */
    Message ask(String operation, String resource, Content content) {
        Message message = Message.of(Route.of("edged", "meta", operation, resource), content);
        message = message.withHeader(message.header().withSync(true));
        receive(message);
        return message;
    }

    Message query(String resource) {
        return ask("query", resource, Content.EMPTY);
    }

    /** Something edged says without waiting. */
    Message tell(String operation, String resource, String json) {
        Message message = Message.of(Route.of("edged", "meta", operation, resource), new Content.Json(json));
        receive(message);
        return message;
    }

    /** The cloud's answer to what was sent to EdgeHub last. */
    Message answer(String operation, String json) {
        List<Message> requests = context.sentTo(ModuleNames.EDGE_HUB);
        return answer(requests.get(requests.size() - 1), operation, json);
    }

    /** The cloud's answer to the last question about a resource. */
    Message answerTo(String resource, String json) {
        List<Message> requests = context.sentTo(ModuleNames.EDGE_HUB).stream()
                .filter(request -> request.route().resource().equals(resource))
                .toList();
        return answer(requests.get(requests.size() - 1), "response", json);
    }

    private Message answer(Message request, String operation, String json) {
        Message reply = new Message(
                Header.create(request.id()),
                Route.of(
                        "edgecontroller", "resource", operation, request.route().resource()),
                new Content.Json(json));
        context.answer(reply);
        context.runWork();
        return reply;
    }

    void receive(Message message) {
        module.receive(message);
        context.runWork();
    }

    List<Message> toEdged() {
        return context.sentTo(ModuleNames.EDGED);
    }

    List<Message> toHub() {
        return context.sentTo(ModuleNames.GROUP_HUB);
    }

    List<Message> replies() {
        return context.replies();
    }

    static String pod(String uid, String version, String more) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"uid\":\"" + uid
                + "\",\"resourceVersion\":\"" + version + "\"}" + more + "}";
    }
}
