package io.skep.bench.internal;

import io.skep.core.api.bus.MessageBus;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code bench:bus}, about ten seconds of full load. */
@Service
@Command(scope = "bench", name = "bus", description = "Measures the message bus and prints JSON")
public final class BusCommand implements Action {

    @Reference
    private MessageBus bus;

    @Override
    public Object execute() throws Exception {
        System.out.println(Figure.json(new BusBench(bus, 1).run()));
        return null;
    }
}
