package io.skep.transport.http;

import io.skep.transport.LinkPeer;
import java.util.Objects;

/**
 * One request, whole.
 *
 * @param method in upper case
 * @param peer who asks: address, path (decoded, without query), headers, certificates. Where clients' certificates are not
 *     verified by TLS ({@code ClientAuth.OPTIONAL_UNVERIFIED}), they are as the client sent them
 * @param body at most {@link HttpServer#MAX_BODY_BYTES}; handed over
 */
public record HttpRequest(String method, LinkPeer peer, byte[] body) {

    public HttpRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(body, "body");
    }

    /** Short for {@code peer().path()}. */
    public String path() {
        return peer.path();
    }

    /** Short for {@code peer().header(name)}. */
    public String header(String name) {
        return peer.header(name);
    }
}
