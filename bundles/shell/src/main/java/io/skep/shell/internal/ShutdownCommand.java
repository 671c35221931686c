package io.skep.shell.internal;

import io.skep.core.api.module.ModuleNames;
import java.io.PrintStream;
import java.time.Duration;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code edge:shutdown} ends the node's pods in good order, for a machine that goes down. */
@Service
@Command(
        scope = "edge",
        name = "shutdown",
        description =
                "Ends this node's pods, critical ones last, before the machine goes down; they come back with edged")
public final class ShutdownCommand extends EdgeCommand {

    /** Edged answers within its own settings; this only bounds the wait for one that is gone. */
    private static final Duration LIMIT = Duration.ofHours(1);

    @Override
    void run(PrintStream out) throws Exception {
        questions().tell(ModuleNames.EDGED, ModuleNames.GROUP_EDGED, "shutdown", LIMIT);
        out.println(json ? "{\"ended\":true}" : "The pods of this node have ended, or their time is over");
    }
}
