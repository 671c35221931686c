package io.skep.shell.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.bus.BusStatus;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** A bus with modules that know answers by heart. */
final class AnsweringBus implements MessageBus {

    private final Map<String, UnaryOperator<Message>> answers = new HashMap<>();

    /** Makes {@code module} answer {@code resource} with this JSON. */
    AnsweringBus answer(String module, String resource, String json) {
        answers.put(module + " " + resource, question -> question.reply(module, new Content.Json(json)));
        return this;
    }

    /** Makes {@code module} refuse {@code resource}. */
    AnsweringBus refuse(String module, String resource, EdgeException why) {
        answers.put(module + " " + resource, question -> question.error(module, why));
        return this;
    }

    @Override
    public Message sendSync(String module, Message message, Duration timeout) {
        UnaryOperator<Message> answer =
                answers.get(module + " " + message.route().resource());
        if (answer == null) {
            throw new EdgeException(EdgeException.Reason.SERVICE_UNAVAILABLE, "no module " + module);
        }
        return answer.apply(message);
    }

    @Override
    public BusStatus status() {
        return new BusStatus(
                List.of(new BusStatus.Mailbox("edged", List.of("edged"), 1, 2, 30, 4, 5)), Map.of("no-recipient", 2L));
    }

    @Override
    public void addModule(String module) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addModuleGroup(String module, String group) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cleanup(String module) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Delivery send(String module, Message message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Message receive(String module) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Message> request(String module, Message message, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Delivery sendResp(Message reply) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Delivery sendToGroup(String group, Message message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Message> sendToGroupSync(String group, Message message, Duration timeout) {
        throw new UnsupportedOperationException();
    }
}
