package io.skep.transport.internal;

import io.skep.transport.LinkPeer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** What Jetty knows of a peer, in our words. */
final class Peers {

    private Peers() {}

    /** Who asks us. */
    static LinkPeer of(Request request) {
        Object tls = request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
        return new LinkPeer(
                address(request.getConnectionMetaData().getRemoteSocketAddress()),
                Request.getPathInContext(request),
                headers(request.getHeaders()),
                tls instanceof EndPoint.SslSessionData data ? certificates(data) : List.of());
    }

    /** Who answered us. */
    static LinkPeer of(String path, SocketAddress remote, Response answer, EndPoint.SslSessionData tls) {
        return new LinkPeer(
                address(remote), path, headers(answer.getHeaders()), tls == null ? List.of() : certificates(tls));
    }

    private static InetSocketAddress address(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : InetSocketAddress.createUnresolved("unknown", 0);
    }

    private static Map<String, List<String>> headers(HttpFields fields) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (HttpField field : fields) {
            headers.put(field.getLowerCaseName(), fields.getValuesList(field.getName()));
        }
        return headers;
    }

    private static List<X509Certificate> certificates(EndPoint.SslSessionData data) {
        X509Certificate[] chain = data.peerCertificates();
        return chain == null ? List.of() : List.of(chain);
    }
}
