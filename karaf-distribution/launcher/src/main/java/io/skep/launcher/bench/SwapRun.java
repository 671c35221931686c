package io.skep.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.launcher.command.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Does the steps of a plan on one instance, one after the other, by the commands an operator has. One thread. */
final class SwapRun implements Runnable {

    private final List<SwapPlan.Step> steps;
    private final SwapJar jars;
    private final Map<String, List<Double>> pauses = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private volatile int done;

    SwapRun(List<SwapPlan.Step> steps, SwapJar jars) {
        this.steps = steps;
        this.jars = jars;
    }

    @Override
    public void run() {
        for (SwapPlan.Step step : steps) {
            try {
                replace(step);
            } catch (RuntimeException | IOException e) {
                faults.add(what(step) + ": " + e.getMessage());
            }
            done++;
        }
    }

    private void replace(SwapPlan.Step step) throws IOException {
        SwapTarget target = step.target();
        Path jar = jars.make(target, step.version(), done + 1);
        try {
            if (target.isModule()) {
                upgrade(step, jar);
            } else {
                BenchCluster.shell(
                        target.instance(),
                        "bundle:update",
                        target.symbolicName(),
                        jar.toUri().toString());
            }
        } finally {
            Files.deleteIfExists(jar);
        }
    }

    private void upgrade(SwapPlan.Step step, Path jar) {
        SwapTarget target = step.target();
        ShellCommand.Answer answer = ShellCommand.ask(
                target.instance(), List.of("edge:module-upgrade", "--json", target.module(), jar.toString()));
        int begin = answer.text().indexOf('{');
        int end = answer.text().lastIndexOf('}');
        if (begin < 0 || end < begin) {
            faults.add(what(step) + ": " + answer.text().strip());
            return;
        }
        JsonNode operation = BenchCluster.tree(answer.text().substring(begin, end + 1));
        String outcome = operation.path("outcome").asText();
        if (!outcome.equals(step.version().outcome())) {
            faults.add(what(step) + " was " + outcome + ", not "
                    + step.version().outcome() + ": " + operation.path("reason").asText());
        }
        if (outcome.equals("SUCCEEDED")) {
            pauses.computeIfAbsent(target.bundle(), b -> new ArrayList<>())
                    .add(operation.path("pauseMillis").asDouble());
        }
    }

    private static String what(SwapPlan.Step step) {
        return step.target().bundle() + " to a version that is "
                + step.version().id();
    }

    /** How many steps are done. */
    int done() {
        return done;
    }

    /** How often modules of these bundles are replaced, or that is tried. */
    int count(String... bundles) {
        List<String> counted = List.of(bundles);
        return (int) steps.stream()
                .filter(step -> counted.contains(step.target().bundle()))
                .count();
    }

    /** How long messages waited at each upgrade that succeeded, in milliseconds, by bundle. */
    Map<String, List<Double>> pauses() {
        return pauses;
    }

    List<String> faults() {
        return faults;
    }
}
