package io.skep.metaserver.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.kube.api.Doc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** Clouds as a node meets them. */
final class Cloud implements Function<Message, Message> {

    /** As EdgeHub answers without a link. */
    static final Function<Message, Message> AWAY = question ->
            question.error("websocket", new EdgeException(Reason.SERVICE_UNAVAILABLE, "not connected to the cloud"));

    /** Nobody there takes applications. */
    static final Function<Message, Message> SILENT = question -> {
        throw new EdgeException(Reason.TIMEOUT, "no answer");
    };

    private final List<Message> asked = new ArrayList<>();
    private final String answer;

    private Cloud(String answer) {
        this.answer = answer;
    }

    /** Does what it is asked, with this result, JSON or {@code ""}. */
    static Cloud approving(String result) {
        String body = result.isEmpty()
                ? "null"
                : "\"" + Base64.getEncoder().encodeToString(result.getBytes(StandardCharsets.UTF_8)) + "\"";
        return new Cloud("{\"Status\":\"Approved\",\"RespBody\":" + body + "}");
    }

    /** Refuses with a Status of the API. */
    static Cloud refusing(String reason, int code, String message) {
        return new Cloud(
                "{\"Status\":\"Rejected\",\"Reason\":\"\",\"Error\":{\"ErrStatus\":{\"status\":\"Failure\",\"reason\":\""
                        + reason + "\",\"code\":" + code + ",\"message\":\"" + message + "\"}}}");
    }

    @Override
    public Message apply(Message question) {
        asked.add(question);
        Route route = Route.of("dynamiccontroller", "resource", "applicationResponse", "ignore/Application/ignore");
        return new Message(Header.create(question.id()), route, new Content.Json(answer));
    }

    List<Message> asked() {
        return asked;
    }

    /** The last application it was sent. */
    Doc application() {
        return Json.object(asked.get(asked.size() - 1).content().json()).orElseThrow();
    }

    /** Its options, decoded. */
    String option() {
        return new String(Base64.getDecoder().decode(application().text("Option")), StandardCharsets.UTF_8);
    }
}
