package io.skep.edgehub.internal;

import io.skep.core.api.machine.HostName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@link EdgeHubConfig} once checked and given types. The rest of the bundle sees only this.
 *
 * @param node name of this node
 * @param cloud where the cloud is, or empty when there is none
 * @param tokenFile holds the join token; {@code ""} looks into the environment alone
 * @param folder of the certificates
 * @param rotate whether certificates are renewed
 * @param heartbeat between two keepalives
 * @param replyTimeout before a stored message is sent again
 * @param reconnect pauses between tries to connect
 * @param pace most messages a second and at once; a rate of 0 sets no limit
 * @param quotas most entries of each class that has a quota
 */
record EdgeHubSettings(
        String node,
        Optional<Cloud> cloud,
        String tokenFile,
        Path folder,
        boolean rotate,
        Duration heartbeat,
        Duration replyTimeout,
        Backoff.Pauses reconnect,
        Pace.Limit pace,
        Map<OutboxClass, Integer> quotas) {

    /** RFC 1123 subdomain as Kubernetes wants node names. */
    private static final Pattern NODE_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private static final int MAX_NODE_NAME = 253;
    private static final int HTTPS_PORT = 10002;
    private static final int WEBSOCKET_PORT = 10000;

    /**
     * The two doors of the cloud.
     *
     * @param https base address for enrolment
     * @param link address of the link, path included
     * @param project project id
     */
    record Cloud(URI https, URI link, String project) {}

    EdgeHubSettings {
        Objects.requireNonNull(cloud, "cloud");
        if (node.length() > MAX_NODE_NAME || !NODE_NAME.matcher(node).matches()) {
            throw new IllegalArgumentException(
                    "node.name must be a DNS name (lower case letters, digits, '-', '.', at most " + MAX_NODE_NAME
                            + " characters, RFC 1123), is \"" + node + "\"");
        }
        quotas = Map.copyOf(quotas);
    }

    static EdgeHubSettings from(EdgeHubConfig config, Path dataFolder) {
        String node =
                config.node_name().isBlank() ? hostName() : config.node_name().strip();
        String folder = config.certificates_folder();
        return new EdgeHubSettings(
                node,
                cloud(config, node),
                config.token_file().strip(),
                folder.isBlank() ? dataFolder.resolve("edgehub") : Path.of(folder),
                config.rotate_certificates(),
                seconds("heartbeat.seconds", config.heartbeat_seconds()),
                seconds("reply.timeout.seconds", config.reply_timeout_seconds()),
                new Backoff.Pauses(
                        Duration.ofMillis(
                                atLeastOne("reconnect.first.milliseconds", config.reconnect_first_milliseconds())),
                        Duration.ofMillis(
                                atLeastOne("reconnect.eager.milliseconds", config.reconnect_eager_milliseconds())),
                        seconds("reconnect.max.seconds", config.reconnect_max_seconds())),
                pace(config),
                Map.of(
                        OutboxClass.EVENT, atLeastOne("outbox.events", config.outbox_events()),
                        OutboxClass.UPLOAD, atLeastOne("outbox.uploads", config.outbox_uploads()),
                        OutboxClass.OTHER, atLeastOne("outbox.others", config.outbox_others())));
    }

    private static Pace.Limit pace(EdgeHubConfig config) {
        if (config.message_qps() < 0) {
            throw new IllegalArgumentException("message.qps must not be negative, is " + config.message_qps());
        }
        return new Pace.Limit(config.message_qps(), atLeastOne("message.burst", config.message_burst()));
    }

    private static Duration seconds(String key, int value) {
        return Duration.ofSeconds(atLeastOne(key, value));
    }

    private static int atLeastOne(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, is " + value);
        }
        return value;
    }

    private static Optional<Cloud> cloud(EdgeHubConfig config, String node) {
        String https = config.cloud_https().strip();
        String websocket = config.cloud_websocket().strip();
        if (https.isEmpty() && websocket.isEmpty()) {
            return Optional.empty();
        }
        URI door = https.isEmpty()
                ? sibling(address("cloud.websocket", websocket, "wss"), "https", HTTPS_PORT)
                : address("cloud.https", https, "https");
        URI hub = websocket.isEmpty()
                ? sibling(door, "wss", WEBSOCKET_PORT)
                : address("cloud.websocket", websocket, "wss");
        return Optional.of(new Cloud(
                door,
                link(hub, config.project_id().strip(), node),
                config.project_id().strip()));
    }

    private static URI address(String key, String value, String scheme) {
        try {
            URI address = URI.create(value);
            if (scheme.equals(address.getScheme()) && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Said below, with the key.
        }
        throw new IllegalArgumentException(key + " must be like " + scheme + "://host:port, is \"" + value + "\"");
    }

    private static URI sibling(URI address, String scheme, int port) {
        return URI.create(scheme + "://" + address.getHost() + ":" + port);
    }

    /** {@code wss://<server>/<project>/<node>/events}, unless a path is given. */
    private static URI link(URI hub, String project, String node) {
        if (!project.matches("[A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException(
                    "project.id must have letters, digits, '.', '_' and '-' only, is \"" + project + "\"");
        }
        String path = hub.getPath();
        return path == null || path.isEmpty() || path.equals("/")
                ? hub.resolve("/" + project + "/" + node + "/events")
                : hub;
    }

    private static String hostName() {
        return HostName.ofThisMachine()
                .orElseThrow(() -> new IllegalArgumentException(
                        "node.name must be given: this machine does not know its host name"));
    }
}
