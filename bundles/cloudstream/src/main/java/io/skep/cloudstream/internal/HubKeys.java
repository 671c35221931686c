package io.skep.cloudstream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.ServerTls;
import io.skep.transport.tls.ServerTls.ClientAuth;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/**
 * Who the hub is, as its secrets in namespace {@code kubeedge} say: nodes trust this server certificate, and show one that
 * this authority signed. The hub makes the secrets; here they are only read.
 *
 * @param server certificate and key shown to nodes
 * @param authority has signed nodes' certificates
 */
record HubKeys(Identity server, X509Certificate authority) {

    private static final String NAMESPACE = "kubeedge";

    /**
     * Reads them; waits for the store.
     *
     * @throws EdgeException {@code SERVICE_UNAVAILABLE} while the hub has not made them, {@code INVALID} when they can't be read
     */
    static HubKeys read(ResourceStore store) {
        Doc server = secret(store, "cloudcoresecret");
        Doc authority = secret(store, "casecret");
        return new HubKeys(
                new Identity(
                        Der.privateKey(part(server, "cloudcoresecret", "cloudcorekeydata")),
                        List.of(Der.certificate(part(server, "cloudcoresecret", "cloudcoredata")))),
                Der.certificate(part(authority, "casecret", "cadata")));
    }

    /** Whether nodes would see no difference. */
    boolean isSame(HubKeys other) {
        return server.certificate().equals(other.server.certificate()) && authority.equals(other.authority);
    }

    ServerTls tls() {
        return new ServerTls(server, ClientAuth.REQUIRED, List.of(authority));
    }

    private static Doc secret(ResourceStore store, String name) {
        try {
            return store.get(new ObjectKey(Kinds.SECRET, NAMESPACE, name)).doc();
        } catch (KubeException e) {
            if (Status.NOT_FOUND.equals(e.reason())) {
                throw new EdgeException(
                        Reason.SERVICE_UNAVAILABLE,
                        "the hub has not made secret " + NAMESPACE + "/" + name + " yet",
                        e);
            }
            throw e;
        }
    }

    private static byte[] part(Doc secret, String name, String key) {
        String encoded = secret.text("data", key);
        if (encoded.isEmpty()) {
            throw new EdgeException(Reason.INVALID, "secret " + NAMESPACE + "/" + name + " has no " + key);
        }
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new EdgeException(Reason.INVALID, "secret " + NAMESPACE + "/" + name + " is no base64 at " + key, e);
        }
    }
}
