package io.skep.runtime.cri.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.PodSandboxStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A real engine, and a runtime on it that each test finds empty and leaves so: a containerd of our own, or the engine that runs
 * already at the socket {@code -Dskep.cri.socket} names, CRI-O for one, with {@code -Dskep.cri.image} for an image it has that
 * is like {@link OciArchive}'s. Tests are skipped, with the reason, where there can be none.
 */
final class RealEngine implements BeforeEachCallback, AfterEachCallback {

    /** What its containers are made of. */
    static final String IMAGE = System.getProperty("skep.cri.image", Containerd.IMAGE);

    /** A script that runs on: the first process of a container is only ended by a signal it handles. */
    static final String RUN_ON = "trap 'exit 143' TERM; echo ready; while :; do sleep 0.1; done";

    private static final Optional<Path> GIVEN =
            Optional.ofNullable(System.getProperty("skep.cri.socket")).map(Path::of);

    private final boolean shared;
    private Containerd containerd;
    private CriRuntime runtime;

    private RealEngine(boolean shared) {
        this.shared = shared;
    }

    /** The one that test classes share: it ends after the last of them. */
    static RealEngine shared() {
        return new RealEngine(true);
    }

    /** One of a test class alone, whose tests may do with it what they like. */
    static RealEngine ofItsOwn() {
        return new RealEngine(false);
    }

    @Override
    public void beforeEach(ExtensionContext test) throws Exception {
        assumeTrue(shared || GIVEN.isEmpty(), "needs an engine of its own");
        if (GIVEN.isEmpty()) {
            containerd = held(test).containerd();
        }
        runtime = open("contract");
        removeEverything();
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        if (runtime != null) {
            try {
                removeEverything();
            } finally {
                runtime.close();
            }
        }
    }

    private Held held(ExtensionContext test) {
        ExtensionContext life = shared ? test.getRoot() : test.getParent().orElseThrow();
        return life.getStore(Namespace.create(RealEngine.class))
                .getOrComputeIfAbsent(shared ? "containerd" : "containerd-of-its-own", Held::start, Held.class);
    }

    private void removeEverything() throws ContainerException {
        for (PodSandboxStatus each : runtime.listPodSandboxes()) {
            runtime.removePodSandbox(each.id());
        }
    }

    CriRuntime runtime() {
        return runtime;
    }

    /** Closes the test's runtime and opens another, as an update of the bundle does. */
    void replaceRuntime() {
        runtime.close();
        runtime = open("contract");
    }

    /** A runtime for what that owner made; the caller closes it. */
    CriRuntime open(String owner) {
        return CriRuntime.on(
                GIVEN.orElseGet(() -> containerd.socket()),
                new CriSettings(
                        List.of(),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(200),
                        new LogLimits(64 << 10, 50, Duration.ofMillis(100)),
                        "skeptest",
                        owner));
    }

    /** For a test that does with the engine what only its owner may. */
    Containerd containerd() {
        assumeTrue(GIVEN.isEmpty(), "needs an engine of its own");
        return containerd;
    }

    /** How addresses of its pods begin, where we say so. */
    String podAddresses() {
        return GIVEN.isEmpty() ? "10.211.0." : "";
    }

    /** Waits until that container of {@link #RUN_ON} handles the signal. */
    String ready(String containerId) {
        Eventually.holds("container " + containerId + " is ready", () -> {
            Path log = runtime.containerStatus(containerId).orElseThrow().logPath();
            return Files.exists(log) && Files.readString(log).contains("ready");
        });
        return containerId;
    }

    /** JUnit closes it with the store it lies in. */
    private record Held(Containerd containerd) implements AutoCloseable {

        static Held start(String folder) {
            try {
                return new Held(Containerd.start(Path.of("target", folder)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while containerd started", e);
            }
        }

        @Override
        public void close() {
            containerd.stop();
        }
    }
}
