package io.skep.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "join",
        description = "Makes this machine a node of a cloud, as keadm join does, and starts it.",
        mixinStandardHelpOptions = true)
final class JoinCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<cloud>", description = "host or host:port of the cloud's hub; default port: 10000")
    private String cloud;

    @Option(names = "--token", required = true, description = "what 'skep token' printed on the cloud")
    private String token;

    @Option(
            names = {"--edgenode-name", "--node"},
            description = "name of the node; default: the host's name")
    private String node;

    @Option(names = "--certport", defaultValue = "10002", description = "port for enrolment; default: 10002")
    private int certificatePort;

    @Option(names = "--name", defaultValue = "edge", description = "name of the instance; default: edge")
    private String name;

    @Option(names = "--set", paramLabel = "pid:key=value", description = "Sets a key of etc/<pid>.cfg first")
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() {
        Instance instance = Home.fromSystem().instance(name);
        join(instance, cloud, certificatePort, token, node);
        UpCommand.start(instance, Role.EDGE, settings, Duration.ofSeconds(60));
        System.out.println("ready: " + instance.name() + "  logs: " + instance.log());
        return 0;
    }

    static void join(Instance instance, String cloud, int certificatePort, String token, String node) {
        int colon = cloud.lastIndexOf(':');
        boolean hasPort = colon > 0 && cloud.indexOf(']') < colon;
        String host = hasPort ? cloud.substring(0, colon) : cloud;
        String port = hasPort ? cloud.substring(colon + 1) : "10000";
        instance.create(Role.EDGE);
        instance.set("io.skep.edgehub", "cloud.https", "https://" + host + ":" + certificatePort);
        instance.set("io.skep.edgehub", "cloud.websocket", "wss://" + host + ":" + port);
        instance.set("io.skep.edgehub", "token", token);
        if (node != null) {
            instance.set("io.skep.edgehub", "node.name", node);
            instance.set("io.skep.edged", "node.name", node);
        }
    }
}
