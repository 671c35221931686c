package io.skep.bench.internal;

import io.skep.core.api.store.DocumentStore;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code bench:store}, about fifteen seconds of writing. */
@Service
@Command(scope = "bench", name = "store", description = "Measures the document store and prints JSON")
public final class StoreCommand implements Action {

    private static final int READS = 20_000;

    @Reference
    private DocumentStore store;

    @Override
    public Object execute() {
        System.out.println(Figure.json(new StoreBench(store, TimeUnit.SECONDS.toNanos(2), READS).run()));
        return null;
    }
}
