package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.PodSandboxStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A runtime in a folder of its own that can be replaced by a fresh one, as a bundle is. */
final class RuntimeUnderTest {

    private final ProcessRuntimeSettings settings;
    private final Machine machine;
    private ProcessRuntime runtime;

    RuntimeUnderTest(Path folder) throws IOException {
        this(settings(folder), Machine.ofThisOne());
    }

    RuntimeUnderTest(ProcessRuntimeSettings settings, Machine machine) throws IOException {
        this.settings = settings;
        this.machine = machine;
        this.runtime = new ProcessRuntime(settings, machine);
    }

    static ProcessRuntimeSettings settings(Path folder) {
        return new ProcessRuntimeSettings(folder, 10 << 20, 5, Duration.ofMillis(20), 0, "skep-test", true, 100);
    }

    Layout layout() {
        return new Layout(settings.folder());
    }

    ProcessRuntime runtime() {
        return runtime;
    }

    /** Stops it, without a word to its containers. */
    void stop() {
        runtime.stop();
    }

    /** Stops it and makes a new one that finds what the old one left. */
    void replace() throws IOException {
        replace(machine);
    }

    /** The same on a machine that changed meanwhile. */
    void replace(Machine changed) throws IOException {
        runtime.stop();
        runtime = new ProcessRuntime(settings, changed);
    }

    void removeEverything() throws ContainerException {
        for (PodSandboxStatus each : runtime.listPodSandboxes()) {
            runtime.removePodSandbox(each.id());
        }
        runtime.stop();
    }
}
