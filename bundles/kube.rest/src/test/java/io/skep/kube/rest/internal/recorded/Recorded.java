package io.skep.kube.rest.internal.recorded;

import io.skep.kube.rest.internal.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a real API server of Kubernetes 1.31 said; the prose of its descriptions is left out. */
public final class Recorded {

    private Recorded() {}

    /** Its discovery documents, by path. */
    public static Map<?, ?> discovery() throws IOException {
        try (InputStream in = open("discovery-1.31.json")) {
            return (Map<?, ?>) Json.read(in.readAllBytes());
        }
    }

    /** What kubectl 1.31 and 1.20 asked it and were answered, in order: one tree each. */
    public static List<Map<?, ?>> exchanges() throws IOException {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(open("kubectl-on-kubernetes-1.31.jsonl"), StandardCharsets.UTF_8))) {
            return in.lines()
                    .<Map<?, ?>>map(line -> (Map<?, ?>) Json.read(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
        }
    }

    private static InputStream open(String name) {
        return Recorded.class.getResourceAsStream(name);
    }
}
