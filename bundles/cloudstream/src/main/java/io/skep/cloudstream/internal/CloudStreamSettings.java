package io.skep.cloudstream.internal;

import java.time.Duration;
import java.util.Objects;

/**
 * {@link CloudStreamConfig} once checked and given types.
 *
 * @param address where to listen
 * @param port where to listen; 0 takes a free one
 * @param limits what is bounded
 * @param silence longest silence of a node
 * @param keyCheck pause between looks at the hub's certificates
 */
record CloudStreamSettings(String address, int port, Limits limits, Duration silence, Duration keyCheck) {

    private static final int MAX_PORT = 65_535;

    /** The edge's pings are not read while it is held back, so that this must end before the silence. */
    private static final int LONGEST_STALL_SECONDS = 25;

    private static final int SHORTEST_SILENCE_SECONDS = 10;

    /**
     * What is bounded.
     *
     * @param tunnels most tunnels
     * @param streamsOfNode most streams of one node
     * @param streams most streams of all nodes
     * @param bufferBytes what may wait in a stream before its tunnel is held back
     * @param stall how long one stream may hold a tunnel back
     */
    record Limits(int tunnels, int streamsOfNode, int streams, int bufferBytes, Duration stall) {}

    CloudStreamSettings {
        Objects.requireNonNull(address, "address");
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("tunnel.port must be from 0 to 65535, is " + port);
        }
        atLeast("node.limit", 1, limits.tunnels());
        atLeast("node.streams", 1, limits.streamsOfNode());
        atLeast("stream.limit", 1, limits.streams());
        atLeast("stream.buffer.kib", 1, limits.bufferBytes());
        atLeast("stall.seconds", 1, limits.stall().toSeconds());
        if (limits.stall().toSeconds() > LONGEST_STALL_SECONDS) {
            throw new IllegalArgumentException(
                    "stall.seconds must be from 1 to 25, is " + limits.stall().toSeconds());
        }
        atLeast("silence.seconds", SHORTEST_SILENCE_SECONDS, silence.toSeconds());
        atLeast("keys.seconds", 1, keyCheck.toSeconds());
    }

    static CloudStreamSettings from(CloudStreamConfig config) {
        return new CloudStreamSettings(
                config.tunnel_address(),
                config.tunnel_port(),
                new Limits(
                        config.node_limit(),
                        config.node_streams(),
                        config.stream_limit(),
                        Math.multiplyExact(config.stream_buffer_kib(), 1024),
                        Duration.ofSeconds(config.stall_seconds())),
                Duration.ofSeconds(config.silence_seconds()),
                Duration.ofSeconds(config.keys_seconds()));
    }

    private static void atLeast(String key, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", is " + value);
        }
    }
}
