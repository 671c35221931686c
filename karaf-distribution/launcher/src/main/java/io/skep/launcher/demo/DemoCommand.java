package io.skep.launcher.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.LauncherLock;
import io.skep.launcher.instance.Home;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Starts a cloud and an edge node, deploys an app, cuts the link, kills the node, restarts it"
                + " offline, restores the link; checks every step.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Prints the timeline as JSON")
    private boolean json;

    @Option(names = "--down", description = "Stops everything at the end")
    private boolean down;

    @Option(names = "--free-ports", description = "Listens on free ports instead of the default ones")
    private boolean freePorts;

    @Option(
            names = "--runtime",
            defaultValue = "auto",
            description =
                    "What the app runs on: auto takes containers where they can be had; process or cri; default: auto")
    private String runtime;

    @Option(names = "--socket", description = "Socket of a containerd that is ready for pods; default: the machine's")
    private String socket;

    @Override
    public Integer call() throws IOException {
        Timeline timeline = new Timeline(json);
        Map<String, Object> report = new LinkedHashMap<>();
        Home home = Home.fromSystem();
        DemoRuntime chosen = DemoRuntime.choose(runtime, socket, home.instances(), timeline::say);
        Demo demo = new Demo(home, timeline, chosen, freePorts);
        try {
            LauncherLock.alone(home.instances(), ".demo.lock", "another demo runs here", demo::run);
            report.put("ok", true);
            if (down) {
                demo.down();
            }
        } catch (LauncherException e) {
            report.put("ok", false);
            report.put("error", e.getMessage());
        }
        report.put(
                "steps",
                timeline.steps().stream()
                        .map(s -> Map.of("what", s.what(), "atMillis", s.atMillis(), "tookMillis", s.tookMillis()))
                        .toList());
        if (json) {
            System.out.println(
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
        } else if (report.containsKey("error")) {
            System.err.println("skep: " + report.get("error"));
        } else if (!down) {
            demo.printNext();
        }
        return report.get("ok").equals(true) ? 0 : 1;
    }
}
