package io.skep.edgestream.internal;

import io.skep.core.api.machine.HostName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The configurations once checked and given types. The rest of the bundle sees only this.
 *
 * @param node name of this node
 * @param cloud where to dial, path included; empty when there is no tunnel to be
 * @param folder of the node's certificates
 * @param handshake limit for dialling
 * @param readDeadline silence after which the cloud is given up
 * @param retry pause between tries
 * @param maxStreams most streams at one time
 */
record EdgeStreamSettings(
        String node,
        Optional<URI> cloud,
        Path folder,
        Duration handshake,
        Duration readDeadline,
        Duration retry,
        int maxStreams) {

    /** How often the cloud is asked for a sign of life; EdgeCore's. */
    static final Duration PING = Duration.ofSeconds(5);

    private static final int TUNNEL_PORT = 10004;

    /** KubeEdge v1.22, {@code edge/pkg/edgestream/edgestream.go}. */
    private static final String PATH = "/v1/kubeedge/connect";

    EdgeStreamSettings {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(cloud, "cloud");
        Objects.requireNonNull(folder, "folder");
        if (readDeadline.compareTo(PING) <= 0) {
            throw new IllegalArgumentException("read.deadline.seconds must be more than " + PING.toSeconds()
                    + ", the pause between two pings, is " + readDeadline.toSeconds());
        }
    }

    static EdgeStreamSettings from(EdgeStreamConfig config, HubConfig hub, Path dataFolder) {
        return new EdgeStreamSettings(
                hub.node_name().isBlank() ? hostName() : hub.node_name().strip(),
                config.enabled() ? cloud(config.server().strip(), hub) : Optional.empty(),
                hub.certificates_folder().isBlank()
                        ? dataFolder.resolve("edgehub")
                        : Path.of(hub.certificates_folder()),
                Duration.ofSeconds(atLeastOne("handshake.timeout.seconds", config.handshake_timeout_seconds())),
                Duration.ofSeconds(config.read_deadline_seconds()),
                Duration.ofMillis(atLeastOne("retry.milliseconds", config.retry_milliseconds())),
                atLeastOne("streams.max", config.streams_max()));
    }

    private static int atLeastOne(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, is " + value);
        }
        return value;
    }

    private static Optional<URI> cloud(String server, HubConfig hub) {
        if (!server.isEmpty()) {
            URI given = address("wss://" + server);
            if (given.getHost() == null || given.getPort() < 0) {
                throw new IllegalArgumentException("server must be like host:port, is \"" + server + "\"");
            }
            return Optional.of(given.resolve(PATH));
        }
        String address = hub.cloud_websocket().isBlank() ? hub.cloud_https() : hub.cloud_websocket();
        // What is wrong with the hub's address the hub says.
        return address.isBlank()
                ? Optional.empty()
                : Optional.ofNullable(address(address.strip()).getHost())
                        .map(host -> URI.create("wss://" + host + ":" + TUNNEL_PORT + PATH));
    }

    private static URI address(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an address: \"" + text + "\"", e);
        }
    }

    private static String hostName() {
        return HostName.ofThisMachine()
                .orElseThrow(() -> new IllegalArgumentException(
                        "node.name must be given: this machine does not know its host name"));
    }
}
