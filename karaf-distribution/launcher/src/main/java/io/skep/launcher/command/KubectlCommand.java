package io.skep.launcher.command;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Programs;
import io.skep.launcher.instance.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

@Command(
        name = "kubectl",
        description = "Runs the system's kubectl against the local API; without one, apply, get, describe, delete and"
                + " logs are built in.")
public final class KubectlCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** Takes what the parser knows nothing of; it has lost the {@code --} of {@code exec}. */
    @Unmatched
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.fromSystem();
        Path config = KubeconfigCommand.cloud(home);
        List<String> arguments =
                afterVerb(spec.root().commandLine().getParseResult().originalArgs());
        if (Programs.find("kubectl").isEmpty()) {
            return builtIn(home, config, arguments);
        }
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("KUBECONFIG", config.toString());
        return builder.start().waitFor();
    }

    public static List<String> afterVerb(List<String> line) {
        return line.subList(line.indexOf("kubectl") + 1, line.size());
    }

    private static int builtIn(Home home, Path config, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(arguments);
        if (!command.isEmpty() && command.get(0).equals("logs")) {
            return PodLogsCommand.run(config, command.subList(1, command.size()).toArray(String[]::new));
        }
        if (command.isEmpty() || !List.of("apply", "get", "describe", "delete").contains(command.get(0))) {
            throw new LauncherException("there is no kubectl on this machine, and without it only apply, get, describe,"
                    + " delete and logs are there; install kubectl, or Debian's package kubernetes-client");
        }
        return ShellCommand.run(home.pick(null, "cloud", "site"), ShellWords.of(command));
    }
}
