package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.machine.Folders;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.Pem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's certificates on disk. Certificate and key lie in one file, so that a crash can't leave one of them new and the
 * other old. Blocks on the disk.
 */
final class CertificateFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);
    private static final String AUTHORITY = "ca.crt";
    private static final String NODE = "node.pem";

    private final Path folder;
    private final String node;

    CertificateFiles(Path folder, String node) {
        this.folder = folder;
        this.node = node;
    }

    /** What was saved; empty when nothing was, or nothing usable for this node. */
    Optional<Credentials> load() {
        Path authority = folder.resolve(AUTHORITY);
        Path own = folder.resolve(NODE);
        if (!Files.exists(authority) || !Files.exists(own)) {
            return Optional.empty();
        }
        try {
            String pem = Files.readString(own);
            Credentials found = new Credentials(
                    Pem.certificates(Files.readString(authority)).get(0),
                    new Identity(Pem.privateKey(pem), Pem.certificates(pem)));
            String subject =
                    found.identity().certificate().getSubjectX500Principal().getName();
            if (subject.contains("CN=system:node:" + node + ",") || subject.endsWith("CN=system:node:" + node)) {
                return Optional.of(found);
            }
            LOG.warn("certificate is for another node, a new one is needed: node={} subject={}", node, subject);
        } catch (IOException | EdgeException e) {
            LOG.warn(
                    "certificate files are unusable, new ones are needed: folder={} reason={}", folder, e.getMessage());
        }
        return Optional.empty();
    }

    /** Replaces what was saved. */
    void save(Credentials credentials) {
        Identity identity = credentials.identity();
        try {
            Folders.create(folder);
            write(AUTHORITY, Pem.encode(credentials.authority()));
            write(NODE, Pem.encode(identity.certificate()) + Pem.encode(identity.key()));
        } catch (IOException e) {
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE, "cannot write certificates to " + folder + ": " + e.getMessage(), e);
        }
    }

    private void write(String name, String text) throws IOException {
        Path fresh = folder.resolve(name + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel file =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
