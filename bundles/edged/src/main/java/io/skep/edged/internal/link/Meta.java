package io.skep.edged.internal.link;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Doc;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Edged's way to MetaManager and through it to the cloud. Answers come back on the module's thread.
 *
 * <p>Source of the message shapes: KubeEdge v1.22, {@code edge/pkg/metamanager/client}.
 */
public final class Meta {

    /** KubeEdge waits as long for what MetaManager must ask of the cloud. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final Duration LINK_TIMEOUT = Duration.ofSeconds(5);

    private final ModuleContext context;

    public Meta(ModuleContext context) {
        this.context = context;
    }

    /** Asks for objects; one of the two consumers is called. */
    public void query(String resource, Content content, Consumer<Answer> then, Consumer<EdgeException> failed) {
        ask(ModuleNames.META_MANAGER, Operation.QUERY, resource, content, TIMEOUT, then, failed);
    }

    /** Asks the cloud to do something to an object; one of the two consumers is called. */
    public void call(
            String operation, String resource, Doc object, Consumer<Answer> then, Consumer<EdgeException> failed) {
        ask(ModuleNames.META_MANAGER, operation, resource, json(object), TIMEOUT, then, failed);
    }

    /** Asks EdgeHub whether the cloud is connected; silent when there is no EdgeHub yet. */
    public void connected(Consumer<Boolean> then) {
        Message question = Message.of(
                Route.of(ModuleNames.EDGED, ModuleNames.GROUP_HUB, Operation.QUERY, "node/connection"), Content.EMPTY);
        request(
                ModuleNames.EDGE_HUB,
                question,
                LINK_TIMEOUT,
                reply -> then.accept(
                        ModuleNames.CLOUD_CONNECTED.equals(reply.content().json())),
                failure -> {});
    }

    /**
     * Sends a strategic merge patch up; MetaManager records it and the outbox keeps it until the cloud has it.
     *
     * @return false when MetaManager could not take it: the caller still owns it
     */
    public boolean patch(String resource, Doc patch) {
        return send(Operation.PATCH, resource, new Content.Json(Json.write(Json.write(patch))));
    }

    /** Sends an object up without waiting for an answer. */
    public void send(String operation, String resource, Doc object) {
        send(operation, resource, json(object));
    }

    private boolean send(String operation, String resource, Content content) {
        return context.bus()
                .send(ModuleNames.META_MANAGER, Message.of(route(operation, resource), content))
                .taken();
    }

    private void ask(
            String module,
            String operation,
            String resource,
            Content content,
            Duration timeout,
            Consumer<Answer> then,
            Consumer<EdgeException> failed) {
        Message question = Message.of(route(operation, resource), content);
        Message sync = question.withHeader(question.header().withSync(true));
        request(
                module,
                sync,
                timeout,
                reply -> {
                    Answer answer;
                    try {
                        answer = Answer.of(reply);
                    } catch (EdgeException e) {
                        failed.accept(e);
                        return;
                    }
                    then.accept(answer);
                },
                failed);
    }

    private void request(
            String module, Message question, Duration timeout, Consumer<Message> then, Consumer<EdgeException> failed) {
        context.bus()
                .request(module, question, timeout)
                .whenComplete((reply, error) -> context.execute(() -> {
                    if (error == null) {
                        then.accept(reply);
                    } else {
                        failed.accept(failure(error));
                    }
                }));
    }

    private static EdgeException failure(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof EdgeException e
                ? e
                : new EdgeException(Reason.INTERNAL_ERROR, String.valueOf(cause.getMessage()), cause);
    }

    private static Route route(String operation, String resource) {
        return Route.of(ModuleNames.EDGED, ModuleNames.GROUP_META, operation, resource);
    }

    private static Content json(Doc object) {
        return new Content.Json(Json.write(object));
    }
}
