package io.skep.launcher.demo;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the demo's app runs on.
 *
 * @param image and what its pod mounts; empty for a process
 * @param settings of the node
 */
record DemoRuntime(Optional<HostImage> image, List<String> settings) {

    private static final String AUTO = "auto";

    DemoRuntime {
        settings = List.copyOf(settings);
    }

    /**
     * Takes containers where they can be had.
     *
     * @param wanted {@code auto}, {@code process} or {@code cri}
     * @param socket of containerd; null for the machine's own
     * @param scratch a folder for what is imported
     */
    static DemoRuntime choose(String wanted, String socket, Path scratch, Consumer<String> say) {
        if (!List.of(AUTO, "process", "cri").contains(wanted)) {
            throw new UsageException("'" + wanted + "' is no runtime for the demo: it is auto, process or cri");
        }
        if (wanted.equals("process")) {
            return process();
        }
        DemoEngine engine = DemoEngine.at(socket);
        try {
            HostImage image = HostImage.ofThisMachine();
            Optional<String> trouble = engine.prepare(image, scratch, say);
            if (trouble.isEmpty()) {
                say.accept("the app runs as a container of containerd at " + engine.socket());
                return containers(image, engine);
            }
            if (!wanted.equals(AUTO)) {
                throw new LauncherException("no containers here: " + trouble.get());
            }
            say.accept("the app runs as a process, for " + trouble.get());
            return process();
        } catch (IOException e) {
            throw new LauncherException("cannot look at this machine's JDK: " + e, e);
        }
    }

    /** An engine here may lack its network, or serve no pods; the node is Ready with processes. */
    private static DemoRuntime process() {
        return new DemoRuntime(Optional.empty(), List.of("io.skep.edged:runtime.default=process"));
    }

    /** What another node has on the same engine is not the demo's to remove. */
    private static DemoRuntime containers(HostImage image, DemoEngine engine) {
        return new DemoRuntime(
                Optional.of(image),
                List.of(
                        "io.skep.edged:runtime.default=cri",
                        "io.skep.runtime.cri:socket=" + engine.socket(),
                        "io.skep.runtime.cri:owner=demo"));
    }
}
