package io.skep.launcher.command;

import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Shows an instance's log.", mixinStandardHelpOptions = true)
public final class LogsCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", description = "name of the instance; default: the only one, or edge")
    private String name;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on as the log grows")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            description = "Lines to begin with; default: 50",
            defaultValue = "50")
    private int lines;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Instance instance = Home.fromSystem().pick(name, "edge", "site", "cloud");
        List<String> command = new ArrayList<>(List.of("tail", "-n", Integer.toString(lines)));
        if (follow) {
            command.add("-F");
        }
        command.add(instance.log().toString());
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
