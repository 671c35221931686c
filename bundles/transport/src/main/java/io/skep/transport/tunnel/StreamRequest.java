package io.skep.transport.tunnel;

import io.skep.core.api.EdgeException;
import io.skep.transport.internal.StreamRequests;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a frame that begins a stream asks of the node: a request to its kubelet.
 *
 * <p>Source: KubeEdge v1.22 {@code pkg/stream/edgedlogs_connection.go}, {@code edgedexec_connection.go}.
 *
 * @param id the stream it begins
 * @param host kubelet's address as the cloud knows it; the node need not listen there
 * @param path kubelet's path, decoded
 * @param query the raw query, without the question mark
 * @param headers names as they came
 * @param method for commands; {@code ""} for logs
 */
public record StreamRequest(
        long id, String host, String path, String query, Map<String, List<String>> headers, String method) {

    public StreamRequest {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(method, "method");
        headers = Map.copyOf(headers);
    }

    /** The frame's data. */
    public byte[] encode() {
        return StreamRequests.write(this);
    }

    /**
     * Reads a frame's data.
     *
     * @throws EdgeException {@code INVALID} when it is none
     */
    public static StreamRequest decode(byte[] data) {
        return StreamRequests.read(data);
    }
}
