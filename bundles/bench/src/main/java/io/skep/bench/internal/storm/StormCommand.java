package io.skep.bench.internal.storm;

import io.skep.core.api.bus.MessageBus;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code bench:storm}, which {@code skep bench swap} keeps running while modules are replaced. */
@Service
@Command(scope = "bench", name = "storm", description = "Sends to the module bench-storm and asks others, until told")
public final class StormCommand implements Action {

    @Reference
    private MessageBus bus;

    @Argument(index = 0, required = true, name = "rate", description = "messages a second")
    private int rate;

    @Argument(index = 1, required = true, name = "end", description = "the file that ends it by being there")
    private String end;

    @Override
    public Object execute() throws Exception {
        System.out.println(new Storm(bus, rate, Path.of(end)).run());
        return null;
    }
}
