package io.skep.shell.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.karaf.shell.support.CommandException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * What the shell does with a command that is not there: Gogo calls the one named {@code default} with all its words. Karaf's
 * {@code feature:} and {@code kar:} commands come with {@link Provisioning}, which is woken for them.
 */
@Component(
        service = Function.class,
        property = {
            "osgi.command.scope=edge",
            "osgi.command.function=default",
            "osgi.command.description=Wakes Karaf's features service for a command of its own"
        })
public final class SleepingCommands implements Function {

    private static final Set<String> SCOPES = Set.of("feature", "kar");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Provisioning provisioning;

    /** Made by DS. */
    @Activate
    public SleepingCommands(@Reference Provisioning provisioning) {
        this.provisioning = provisioning;
    }

    @Override
    public Object execute(CommandSession session, List<Object> words) throws Exception {
        String name = words.get(0).toString();
        if (SCOPES.contains(name.replaceFirst(":.*", "")) && provisioning.asleep()) {
            provisioning.wake();
            return await(session, name).execute(session, words.subList(1, words.size()));
        }
        throw unknown(name);
    }

    /** The shell tells nobody when a command has come. */
    private static Function await(CommandSession session, String name) throws CommandException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            if (session.get(name) instanceof Function command) {
                return command;
            }
            Thread.sleep(PAUSE.toMillis());
        }
        throw unknown(name);
    }

    private static CommandException unknown(String name) {
        String message = "Command not found: " + name;
        return new CommandException(message, message);
    }
}
