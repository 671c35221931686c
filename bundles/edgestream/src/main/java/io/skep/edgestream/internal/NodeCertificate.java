package io.skep.edgestream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What EdgeHub keeps of the node's certificates on disk: {@code ca.crt}, and certificate and key in {@code node.pem}. Both
 * are replaced in one step, so that they can be read at any time. Blocks on the disk.
 */
record NodeCertificate(Path folder) {

    /**
     * Reads them anew, so that a renewed one is taken with the next tunnel; empty while the node has not joined.
     *
     * @throws EdgeException {@code INVALID} when they can't be read
     */
    Optional<ClientTls> load() {
        Path authority = folder.resolve("ca.crt");
        Path own = folder.resolve("node.pem");
        if (!Files.exists(authority) || !Files.exists(own)) {
            return Optional.empty();
        }
        try {
            String pem = Files.readString(own);
            Identity identity = new Identity(Pem.privateKey(pem), Pem.certificates(pem));
            return Optional.of(new ClientTls(Pem.certificates(Files.readString(authority)), Optional.of(identity)));
        } catch (IOException e) {
            throw new EdgeException(Reason.INVALID, "certificates in " + folder + " cannot be read: " + e, e);
        }
    }
}
