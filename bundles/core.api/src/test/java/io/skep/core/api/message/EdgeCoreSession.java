package io.skep.core.api.message;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A session of a real EdgeCore (KubeEdge v1.22.1) with its CloudCore, recorded on the node's link: it joins, runs and loses
 * pods, is cut off and comes back.
 */
public final class EdgeCoreSession {

    private EdgeCoreSession() {}

    /**
     * One JSON object each: {@code {"step": text}}, or {@code {"t": time, "dir": "send" or "recv", "msg": envelope}} as the
     * node saw it.
     */
    public static List<String> lines() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                EdgeCoreSession.class.getResourceAsStream("edgecore-v1.22.1-session.jsonl"), StandardCharsets.UTF_8))) {
            return in.lines().toList();
        }
    }
}
