package io.skep.edgehub.internal;

import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings and credentials of tests. */
final class Fixture {

    static final String NODE = "edge-1";
    static final CertificateAuthority AUTHORITY = CertificateAuthority.create(Instant.parse("2025-01-01T00:00:00Z"));

    private Fixture() {}

    static EdgeHubSettings settings(Path folder, URI https, URI link, String token) {
        return new EdgeHubSettings(
                NODE,
                Optional.of(new EdgeHubSettings.Cloud(https, link, "project")),
                token.isEmpty() ? "" : tokenFile(folder, token),
                folder,
                true,
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                new Backoff.Pauses(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(30)),
                new Pace.Limit(0, 1),
                Map.of(OutboxClass.EVENT, 100, OutboxClass.UPLOAD, 100, OutboxClass.OTHER, 100));
    }

    private static String tokenFile(Path folder, String token) {
        try {
            return Files.writeString(folder.resolve("join-token"), token + "\n").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EdgeHubSettings settings(Path folder) {
        return settings(
                folder, URI.create("https://cloud:10002"), URI.create("wss://cloud:10000/project/edge-1/events"), "");
    }

    static Credentials credentials(String node, Instant from, Duration validity) {
        KeyPair keys = Der.newKeys();
        CertificateRequest request = CertificateRequest.parse(CertificateRequest.forNode(node, keys));
        return new Credentials(
                AUTHORITY.certificate(),
                new Identity(
                        keys.getPrivate(), List.of(AUTHORITY.sign(request, Set.of(Usage.CLIENT), from, validity))));
    }
}
