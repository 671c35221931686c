package io.skep.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "kubeconfig",
        description = "Prints the path of a kubeconfig for the cloud's API, or the node's with --edge.",
        mixinStandardHelpOptions = true)
final class KubeconfigCommand implements Callable<Integer> {

    @Option(names = "--edge", description = "The node's own API")
    private boolean edge;

    @Override
    public Integer call() {
        System.out.println(edge ? edge(Home.fromSystem()) : cloud(Home.fromSystem()));
        return 0;
    }

    static Path cloud(Home home) {
        return file(home.pick(null, "cloud", "site"));
    }

    static Path edge(Home home) {
        return file(home.pick(null, "edge", "site"));
    }

    private static Path file(Instance instance) {
        Path file = instance.data().resolve("kube/admin.kubeconfig");
        if (!Files.exists(file)) {
            throw new LauncherException("instance '" + instance.name() + "' has no Kubernetes API: " + file
                    + " is not there; 'skep kubeconfig' without --edge is for the cloud");
        }
        return file;
    }
}
