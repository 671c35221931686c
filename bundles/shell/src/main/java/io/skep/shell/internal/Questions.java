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
        if (bus == null) {
            throw new CommandException("there is no message bus here: install the feature edge-core");
        }
        Message question = Message.of(Route.of(SHELL, group, Operation.QUERY, resource), Content.EMPTY);
        try {
            return tree(module, bus.sendSync(module, question, LIMIT));
        } catch (EdgeException e) {
            throw failed(module, e);
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

    private static CommandException failed(String module, EdgeException e) {
        return switch (e.reason()) {
            case SERVICE_UNAVAILABLE ->
                new CommandException(
                        "module " + module
                                + " is not running here: see edge:modules, or use a process of the other role",
                        e);
            case TIMEOUT ->
                new CommandException(
                        "module " + module + " did not answer within " + LIMIT.toSeconds() + " s: see edge:bus", e);
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
