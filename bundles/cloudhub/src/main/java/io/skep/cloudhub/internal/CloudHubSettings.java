package io.skep.cloudhub.internal;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@link CloudHubConfig} once checked and given types.
 *
 * @param websocket where nodes connect
 * @param https where nodes enrol
 * @param addresses IP addresses for the server certificate, empty for all local ones
 * @param names host names for the server certificate besides the machine's own
 * @param tokenValidity of join tokens
 * @param certificateValidity of nodes' certificates
 * @param keepalive longest silence of a node
 * @param nodeLimit most sessions
 * @param delivery how objects are delivered
 * @param handover how long connections wait for a successor
 */
record CloudHubSettings(
        Endpoint websocket,
        Endpoint https,
        List<String> addresses,
        List<String> names,
        Duration tokenValidity,
        Duration certificateValidity,
        Duration keepalive,
        int nodeLimit,
        Delivery delivery,
        Duration handover) {

    /** An address to bind and its port; 0 takes a free one. */
    record Endpoint(String address, int port) {}

    /**
     * How objects are delivered.
     *
     * @param patience wait for one acknowledgement
     * @param tries sendings before an object makes room for the next
     * @param window most objects under way to a node of our own kind
     * @param limit most objects waiting for one node
     */
    record Delivery(Duration patience, int tries, int window, int limit) {}

    CloudHubSettings {
        addresses = List.copyOf(addresses);
        names = List.copyOf(names);
        port("websocket.port", websocket.port());
        port("https.port", https.port());
        atLeastOne("token.hours", tokenValidity.toHours());
        atLeastOne("certificate.days", certificateValidity.toDays());
        atLeastOne("keepalive.seconds", keepalive.toSeconds());
        atLeastOne("node.limit", nodeLimit);
        atLeastOne("ack.seconds", delivery.patience().toSeconds());
        atLeastOne("ack.tries", delivery.tries());
        atLeastOne("window.messages", delivery.window());
        atLeastOne("queue.limit", delivery.limit());
        atLeastOne("handover.seconds", handover.toSeconds());
    }

    static CloudHubSettings from(CloudHubConfig config) {
        return new CloudHubSettings(
                new Endpoint(config.websocket_address(), config.websocket_port()),
                new Endpoint(config.https_address(), config.https_port()),
                split(config.advertise_address()),
                split(config.dns_names()),
                Duration.ofHours(config.token_hours()),
                Duration.ofDays(config.certificate_days()),
                Duration.ofSeconds(config.keepalive_seconds()),
                config.node_limit(),
                new Delivery(
                        Duration.ofSeconds(config.ack_seconds()),
                        config.ack_tries(),
                        config.window_messages(),
                        config.queue_limit()),
                Duration.ofSeconds(config.handover_seconds()));
    }

    /** A list in a {@code .cfg} file arrives as one text. */
    private static List<String> split(String[] values) {
        return Stream.of(values)
                .flatMap(v -> Stream.of(v.split(",")))
                .map(String::trim)
                .filter(v -> !v.isEmpty())
                .toList();
    }

    private static void port(String key, int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(key + " must be from 0 to 65535, is " + port);
        }
    }

    private static void atLeastOne(String key, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, is " + value);
        }
    }
}
