package io.skep.kube.rest.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {

    private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "::1", "Edge-Box");

    @TempDir
    Path temporary;

    private Instant now = Instant.parse("2026-11-23T05:00:00Z");

    private Certificates certificates(List<String> names) {
        return new Certificates(temporary.resolve("kube"), names, "https://127.0.0.1:6443", () -> now);
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(temporary.resolve("kube"))) {
            for (Path file : (Iterable<Path>) all::iterator) {
                files.put(
                        file.getFileName().toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return files;
    }

    @Test
    void everythingIsMadeAndForTheOwnerOnly() throws IOException {
        assertThat(certificates(NAMES).refresh()).isTrue();

        assertThat(files())
                .containsOnlyKeys(
                        "ca.crt",
                        "ca.key",
                        "admin.crt",
                        "admin.key",
                        "admin.token",
                        "admin.kubeconfig",
                        "apiserver.p12",
                        "clients.p12",
                        "stores.password")
                .values()
                .containsOnly("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary.resolve("kube"))))
                .isEqualTo("rwx------");
    }

    @Test
    void whatIsThereAndGoodIsKept() throws IOException {
        certificates(NAMES).refresh();
        String token = certificates(NAMES).adminToken();
        byte[] kubeconfig = Files.readAllBytes(certificates(NAMES).kubeconfigPath());

        now = now.plus(Duration.ofDays(100));
        Certificates again = certificates(NAMES);

        assertThat(again.refresh()).isFalse();
        assertThat(again.adminToken()).isEqualTo(token);
        assertThat(again.kubeconfigPath()).hasBinaryContent(kubeconfig);
    }

    @Test
    void certificateInItsLastThirdIsMadeAnewByTheSameAuthority() {
        Certificates certificates = certificates(NAMES);
        certificates.refresh();
        byte[] authority = certificates.authorityCertificate().getSignature();

        now = now.plus(Duration.ofDays(250));

        assertThat(certificates.refresh()).isTrue();
        assertThat(certificates.authorityCertificate().getSignature()).isEqualTo(authority);
    }

    @Test
    void furtherNameMakesAnotherServerCertificate() {
        certificates(NAMES).refresh();

        assertThat(certificates(List.of("localhost", "127.0.0.1", "api.example.org"))
                        .refresh())
                .isTrue();
    }

    @Test
    void clockThatJumpedBackMakesThemAnew() {
        certificates(NAMES).refresh();

        now = now.minus(Duration.ofDays(1));

        assertThat(certificates(NAMES).refresh()).isTrue();
    }
}
