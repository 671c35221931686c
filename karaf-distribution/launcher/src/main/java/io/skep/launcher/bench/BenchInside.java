package io.skep.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is measured by commands that run inside the node's JVM: {@code bench:bus}, {@code bench:store} and
 * {@code bench:runtime}. */
final class BenchInside {

    private BenchInside() {}

    static List<BenchFigure> run(BenchCluster cluster, String what, String... arguments) {
        Instance edge = cluster.edge();
        BenchCluster.shell(edge, "feature:install", "edge-bench");
        String answer = BenchCluster.shell(
                edge,
                Stream.concat(Stream.of("bench:" + what), Stream.of(arguments)).toArray(String[]::new));
        List<BenchFigure> figures = new ArrayList<>();
        for (JsonNode figure : BenchCluster.tree(array(what, answer))) {
            figures.add(new BenchFigure(
                    figure.path("what").asText(),
                    figure.path("value").asDouble(),
                    figure.path("unit").asText()));
        }
        return figures;
    }

    /** The line that is the answer; the shell may say other things around it. */
    private static String array(String what, String answer) {
        return answer.lines()
                .filter(l -> l.contains("[{"))
                .map(l -> l.substring(l.indexOf("[{"), l.lastIndexOf(']') + 1))
                .findFirst()
                .orElseThrow(() -> new LauncherException("bench:" + what + " gave no figures: " + answer.strip()));
    }
}
