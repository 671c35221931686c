package io.skep.launcher.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl logs} for a machine without kubectl, by the same path of the API. */
@Command(name = "logs", description = "Prints the log of a container of a pod.", mixinStandardHelpOptions = true)
final class PodLogsCommand implements Callable<Integer> {

    private final KubeApi api;

    @Parameters(paramLabel = "pod", description = "Name of the pod")
    private String pod;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "Its namespace; default: default")
    private String namespace;

    @Option(
            names = {"-c", "--container"},
            description = "Which container; needed where a pod has several")
    private String container;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what is written")
    private boolean follow;

    @Option(
            names = {"-p", "--previous"},
            description = "Of the container before the last restart")
    private boolean previous;

    @Option(names = "--timestamps", description = "A time before each line")
    private boolean timestamps;

    @Option(names = "--tail", description = "Only so many last lines")
    private Integer tail;

    PodLogsCommand(KubeApi api) {
        this.api = api;
    }

    static int run(Path kubeconfig, String... arguments) {
        return Verbs.execute(new PodLogsCommand(KubeApi.of(kubeconfig)), arguments);
    }

    @Override
    public Integer call() {
        api.copy("/api/v1/namespaces/" + encoded(namespace) + "/pods/" + encoded(pod) + "/log?" + query(), System.out);
        return 0;
    }

    private String query() {
        StringJoiner query = new StringJoiner("&");
        query.add("follow=" + follow).add("previous=" + previous).add("timestamps=" + timestamps);
        if (container != null) {
            query.add("container=" + encoded(container));
        }
        if (tail != null) {
            query.add("tailLines=" + tail);
        }
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
