package io.skep.transport;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The other end of a link, as it introduced itself when the link was opened.
 *
 * @param remote its address
 * @param path path of the URL that was asked for
 * @param headers what it sent along: for the server the request's headers, for the client the answer's; names in lower case
 * @param certificates its certificate chain, own certificate first, already verified; empty when it has shown none
 */
public record LinkPeer(
        InetSocketAddress remote, String path, Map<String, List<String>> headers, List<X509Certificate> certificates) {

    public LinkPeer {
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(path, "path");
        TreeMap<String, List<String>> lower = new TreeMap<>();
        headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        headers = Map.copyOf(lower);
        certificates = List.copyOf(certificates);
    }

    /** First value of a header, any case, or {@code ""}. */
    public String header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.isEmpty() ? "" : values.get(0);
    }
}
