package io.skep.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Waiting;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Ports;
import java.time.Duration;
import java.util.Map;

/** A cloud and its one node in a JVM: at the first start the node joins the cloud beside it. */
public final class Site {

    private static final String HUB = "io.skep.edgehub";
    private static final String CLOUD = "io.skep.cloudhub";

    private Site() {}

    /** Joins and waits until the node is Ready, unless the node was told of a cloud before. */
    static void join(Instance instance, Duration limit) {
        if (instance.setting(HUB, "cloud.https")
                .or(() -> instance.setting(HUB, "cloud.websocket"))
                .isPresent()) {
            return;
        }
        join(instance, instance, limit);
    }

    /** Has a running node join a running cloud on this machine, and waits until it is Ready. */
    static void join(Instance cloud, Instance node, Duration limit) {
        KubeApi api = api(cloud);
        int port = Ports.of(cloud, CLOUD, "websocket.port");
        int certificatePort = Ports.of(cloud, CLOUD, "https.port");
        tunnel(cloud, node);
        JoinCommand.enrol(node, new CloudAddress("127.0.0.1", port, certificatePort), TokenCommand.token(api), null);
        if (!Waiting.until(limit, () -> hasReadyNode(api))) {
            throw new LauncherException("the node of instance '" + node.name() + "' did not join its cloud within "
                    + limit.toSeconds() + " s; see " + node.log());
        }
    }

    /** Tells a node where a cloud on this machine takes tunnels, be it another port than the usual one. */
    public static void tunnel(Instance cloud, Instance node) {
        int port = Ports.of(cloud, "io.skep.cloudstream", "tunnel.port");
        if (port != 0) {
            node.set("io.skep.edgestream", Map.of("server", "127.0.0.1:" + port));
        }
    }

    /** The API of the instance's cloud side. */
    static KubeApi api(Instance instance) {
        return KubeApi.of(instance.data().resolve("kube/admin.kubeconfig"));
    }

    static boolean hasReadyNode(KubeApi api) {
        for (JsonNode node : api.get("/api/v1/nodes").orElseThrow().path("items")) {
            if (KubeApi.condition(node, "Ready")) {
                return true;
            }
        }
        return false;
    }
}
