package io.skep.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.launcher.command.KubeApi;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Follows pods on the API and notes when each was first seen Running. One thread, until closed. */
final class PodWatch implements AutoCloseable {

    private final Map<String, Long> running = new ConcurrentHashMap<>();
    private final Stream<String> events;

    PodWatch(KubeApi api, String path) {
        events = api.lines(path + "?watch=true");
        Thread thread = new Thread(this::follow, "bench-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        try {
            events.forEach(this::note);
        } catch (RuntimeException e) {
            // The end of the stream, ours or the server's; who waits for an event of it says so.
        }
    }

    private void note(String line) {
        JsonNode pod = BenchCluster.tree(line).path("object");
        if (pod.at("/status/phase").asText().equals("Running")) {
            running.putIfAbsent(pod.at("/metadata/name").asText(), System.nanoTime());
        }
    }

    /** When the pod was first seen Running, by {@link System#nanoTime}; 0 when not yet. */
    long runningSince(String name) {
        return running.getOrDefault(name, 0L);
    }

    @Override
    public void close() {
        events.close();
    }
}
