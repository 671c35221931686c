package io.skep.shell.internal;

import io.skep.core.api.module.ModuleNames;
import java.io.PrintStream;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code cloud:token} makes a token with which a machine may join. */
@Service
@Command(scope = "cloud", name = "token", description = "Makes a token with which a node may join")
public final class TokenCommand extends EdgeCommand {

    @Override
    void run(PrintStream out) throws Exception {
        Object token = questions().ask(ModuleNames.CLOUD_HUB, ModuleNames.CLOUD_HUB, "token");
        out.println(json ? Json.pretty(Map.of("token", token)) : token);
    }
}
