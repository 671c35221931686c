package io.skep.launcher.command;

import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "join",
        description = "Makes this machine a node of a cloud, as keadm join does, and starts it.",
        mixinStandardHelpOptions = true)
public final class JoinCommand implements Callable<Integer> {

    private static final String TOKEN_FILE = "join-token";

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

    @Option(names = "--timeout", description = "Seconds to wait for readiness; default: 60", defaultValue = "60")
    private int timeoutSeconds;

    @Override
    public Integer call() {
        Instance instance = Home.fromSystem().instance(name);
        join(instance, cloud, certificatePort, token, node);
        UpCommand.start(instance, Role.EDGE, settings, Duration.ofSeconds(timeoutSeconds));
        System.out.println("ready: " + instance.name() + "  logs: " + instance.log());
        return 0;
    }

    public static void join(Instance instance, String cloud, int certificatePort, String token, String node) {
        CloudAddress address = CloudAddress.parse(cloud, certificatePort);
        instance.create(Role.EDGE);
        if (node != null) {
            instance.set("io.skep.edged", Map.of("node.name", node));
        }
        enrol(instance, address, token, node);
    }

    /** What is configured is published as service properties, so the token goes into a file of its own. */
    static void enrol(Instance instance, CloudAddress address, String token, String node) {
        instance.writeSecret(TOKEN_FILE, token);
        Map<String, String> keys = new TreeMap<>();
        keys.put("cloud.https", address.https());
        keys.put("cloud.websocket", address.webSocket());
        keys.put("token.file", "${karaf.base}/" + TOKEN_FILE);
        if (node != null) {
            keys.put("node.name", node);
        }
        instance.set("io.skep.edgehub", keys);
    }
}
