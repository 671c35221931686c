package io.skep.launcher;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "down",
        description = "Stops instances, all of them when none is named. Pods keep running.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", description = "names of instances")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        Home home = Home.fromSystem();
        List<Instance> chosen = names.isEmpty()
                ? home.all()
                : names.stream().map(n -> home.pick(n)).toList();
        for (Instance instance : chosen) {
            System.out.println(
                    (instance.stop(Duration.ofSeconds(30)) ? "stopped: " : "not running: ") + instance.name());
        }
        return 0;
    }
}
