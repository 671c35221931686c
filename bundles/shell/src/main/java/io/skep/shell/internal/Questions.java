package io.skep.shell.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import java.time.Duration;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;

/** Asks modules over the bus, on the shell's thread. */
final class Questions {

    private static final String SHELL = "shell";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final MessageBus bus;

    /** @param bus {@code null} when this process has none */
    Questions(MessageBus bus) {
        this.bus = bus;
    }

    /**
     * What {@code module} answers to a query about {@code resource}, as a tree.
     *
     * @throws CommandException with one line for the operator when there is no answer
     */
    Object ask(String module, String group, String resource) throws CommandException {
        return send(module, Route.of(SHELL, group, Operation.QUERY, resource), LIMIT);
    }

    /**
     * Has {@code module} do something about {@code resource}, and waits until it says that it is done.
     *
     * @throws CommandException with one line for the operator when it refuses or does not answer
     */
    void tell(String module, String group, String resource, Duration limit) throws CommandException {
        send(module, Route.of(SHELL, group, Operation.UPDATE, resource), limit);
    }

    private Object send(String module, Route route, Duration limit) throws CommandException {
        if (bus == null) {
            throw new CommandException("there is no message bus here: install the feature edge-core");
        }
        try {
            return tree(module, bus.sendSync(module, Message.of(route, Content.EMPTY), limit));
        } catch (EdgeException e) {
            throw failed(module, limit, e);
        }
    }

    private static Object tree(String module, Message answer) throws CommandException {
        if (answer.isError()) {
            throw new CommandException(module + " refused: " + reason(answer));
        }
        return Json.read(answer.content().json());
    }

    private static String reason(Message answer) {
        return answer.content() instanceof Content.Failure failure
                ? failure.reason() + ": " + failure.message()
                : String.valueOf(Json.read(answer.content().json()));
    }

    private static CommandException failed(String module, Duration limit, EdgeException e) {
        return switch (e.reason()) {
            case SERVICE_UNAVAILABLE ->
                new CommandException(
                        "module " + module
                                + " is not running here: see edge:modules, or use a process of the other role",
                        e);
            case TIMEOUT ->
                new CommandException(
                        "module " + module + " did not answer within " + limit.toSeconds() + " s: see edge:bus", e);
            default -> new CommandException(module + " failed: " + e.getMessage(), e);
        };
    }

    /** Wraps a module's JSON object for reading; empty when it is none. */
    static io.skep.kube.api.Doc doc(Object tree) {
        return tree instanceof Map<?, ?>
                ? io.skep.kube.api.Doc.of(Map.of("d", tree)).object("d")
                : io.skep.kube.api.Doc.EMPTY;
    }
}
