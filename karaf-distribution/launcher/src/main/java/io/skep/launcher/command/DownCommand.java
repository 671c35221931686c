package io.skep.launcher.command;

import io.skep.launcher.host.Systemd;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Role;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "down",
        description =
                "Stops instances, all of them when none is named. Pods keep running, unless the machine goes down.",
        mixinStandardHelpOptions = true)
public final class DownCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", description = "names of instances")
    private List<String> names = List.of();

    @Option(
            names = "--pods",
            description = "Ends the pods first, as if the machine went down; the next start brings them back")
    private boolean pods;

    @Override
    public Integer call() {
        Home home = Home.fromSystem();
        List<Instance> chosen = names.isEmpty()
                ? home.all()
                : names.stream().map(n -> home.pick(n)).toList();
        boolean end = pods || Systemd.machineGoesDown();
        for (Instance instance : chosen) {
            if (end && instance.role() != Role.CLOUD && instance.process().isPresent()) {
                endPods(instance);
            }
            System.out.println(
                    (instance.stop(Duration.ofSeconds(30)) ? "stopped: " : "not running: ") + instance.name());
        }
        return 0;
    }

    /** Whatever comes of it, the machine goes down. */
    private static void endPods(Instance instance) {
        ShellCommand.Answer answer = ShellCommand.ask(instance, List.of("edge:shutdown"));
        System.out.println((answer.code() == 0 ? "pods ended: " : "pods not ended: ")
                + instance.name()
                + (answer.code() == 0 ? "" : ": " + answer.text().strip()));
    }
}
