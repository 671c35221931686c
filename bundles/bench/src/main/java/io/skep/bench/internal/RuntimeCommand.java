package io.skep.bench.internal;

import io.skep.runtime.api.PodRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code bench:runtime}, some hundred pods of the container engine, one after the other and many at once. */
@Service
@Command(scope = "bench", name = "runtime", description = "Measures the runtime cri alone and prints JSON")
public final class RuntimeCommand implements Action {

    @Reference(filter = "(" + PodRuntime.NAME + "=cri)")
    private PodRuntime runtime;

    @Argument(required = true, description = "image of the pods, with a sleep in its path")
    private String image;

    @Override
    public Object execute() throws Exception {
        Path logs = Files.createTempDirectory("skep-bench");
        System.out.println(Figure.json(new RuntimeBench(runtime, image, logs).run()));
        return null;
    }
}
