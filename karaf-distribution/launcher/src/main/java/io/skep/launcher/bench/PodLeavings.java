package io.skep.launcher.bench;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.instance.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a node still has of its pods: the folder of a pod's logs is the last of it that goes. The file system tells when, since
 * a node that is asked time and again has to answer besides.
 */
final class PodLeavings implements AutoCloseable {

    private final Path logs;
    private final WatchService ends;

    PodLeavings(Instance node) {
        logs = node.data().resolve("edged").resolve("logs");
        try {
            ends = logs.getFileSystem().newWatchService();
            logs.register(ends, StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            throw new LauncherException("the logs of the node's pods can't be watched: " + logs, e);
        }
    }

    /** Whether there is anything of a pod in the namespace {@code default}. */
    boolean of(String name) {
        try (Stream<Path> pods = Files.list(logs)) {
            return pods.anyMatch(pod -> pod.getFileName().toString().startsWith("default_" + name + "_"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until there is nothing of a pod any more. */
    void awaitEnd(String name, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (of(name)) {
                WatchKey told = ends.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (told == null) {
                    throw new LauncherException("pod " + name + " is still there after " + limit.toSeconds() + " s");
                }
                told.pollEvents();
                told.reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while pod " + name + " went", e);
        }
    }

    @Override
    public void close() {
        try {
            ends.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
