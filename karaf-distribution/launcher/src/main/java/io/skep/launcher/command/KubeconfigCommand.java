package io.skep.launcher.command;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Monitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "kubeconfig",
        description = "Prints the path of a kubeconfig for the cloud's API, or the node's with --edge.",
        mixinStandardHelpOptions = true)
public final class KubeconfigCommand implements Callable<Integer> {

    @Option(names = "--edge", description = "The node's own API")
    private boolean edge;

    @Override
    public Integer call() {
        System.out.println(edge ? edge(Home.fromSystem()) : cloud(Home.fromSystem()));
        return 0;
    }

    static Path cloud(Home home) {
        Instance instance = home.pick(null, "cloud", "site");
        if (!Files.exists(file(instance))) {
            throw new LauncherException("instance '" + instance.name() + "' has no Kubernetes API: " + file(instance)
                    + " is not there; 'skep kubeconfig --edge' is for a node's own");
        }
        return file(instance);
    }

    static Path edge(Home home) {
        Instance instance = home.pick(null, "edge", "site");
        if (!Files.exists(file(instance)) || runsWithoutApi(instance)) {
            throw new LauncherException("the API of instance '" + instance.name()
                    + "' is not on; switch it on while it runs: skep shell --name " + instance.name()
                    + " feature:install edge-metaserver");
        }
        return file(instance);
    }

    private static Path file(Instance instance) {
        return instance.data().resolve("kube/admin.kubeconfig");
    }

    /** The file stays when the API is switched off; the API's health check does not. */
    private static boolean runsWithoutApi(Instance instance) {
        return instance.process().isPresent()
                && new Monitor(instance)
                        .readiness()
                        .filter(checks -> checks.lines().noneMatch(line -> line.matches("\\[.]api .*")))
                        .isPresent();
    }
}
