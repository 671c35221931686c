package io.skep.bus.internal.swap;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.bus.internal.Signing;
import io.skep.core.api.EdgeException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedSignersTest {

    private static final Instant LATER = Instant.now().plusSeconds(3600);

    @TempDir
    Path folder;

    private Signing authority;
    private TrustedSigners signers;
    private Path jar;

    @BeforeEach
    void makeAnAuthority() throws Exception {
        authority = Signing.authority("Acme");
        signers =
                new TrustedSigners(Optional.of(authority.trust(folder.resolve("trusted.pem"))), InstantSource.system());
        jar = jar("plain.jar");
    }

    private Path jar(String name) throws IOException {
        Path file = folder.resolve(name);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            for (String entry : new String[] {"one.txt", "META-INF/maven/pom.properties"}) {
                entries.putNextEntry(new ZipEntry(entry));
                entries.write(entry.getBytes());
                entries.closeEntry();
            }
        }
        return file;
    }

    private static void write(Path archive, String entry, String text) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + archive.toUri()), Map.of())) {
            Path path = zip.getPath(entry);
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.writeString(path, text);
        }
    }

    private void assertRefused(Path file, String... reasons) {
        assertThatThrownBy(() -> signers.check(file, "x/1"))
                .isInstanceOf(EdgeException.class)
                .message()
                .contains(reasons)
                .doesNotContain("\n");
    }

    @Test
    void signerThatTheAuthorityVouchesForIsTrusted() throws Exception {
        Path signed = authority.signer("Build", LATER).sign(jar);

        assertThatCode(() -> signers.check(signed, "x/1")).doesNotThrowAnyException();
    }

    @Test
    void signerWhoIsHimselfInTheFileIsTrusted() throws Exception {
        Path signed = authority.sign(jar);

        assertThatCode(() -> signers.check(signed, "x/1")).doesNotThrowAnyException();
    }

    @Test
    void unsignedJarIsRefused() {
        assertRefused(jar, "x/1 is not signed");
    }

    @Test
    void entryThatWasAddedAfterwardsIsNamed() throws Exception {
        Path signed = authority.sign(jar);
        write(signed, "added.txt", "x");

        assertRefused(signed, "added.txt of x/1 is not signed");
    }

    // Tools leave many things in META-INF, and a service file there is as good as code.
    @Test
    void addedEntryBelowMetaInfCountsToo() throws Exception {
        Path signed = authority.sign(jar);
        write(signed, "META-INF/services/evil.RSA", "x");

        assertRefused(signed, "META-INF/services/evil.RSA of x/1 is not signed");
    }

    @Test
    void changedEntryIsRefused() throws Exception {
        Path signed = authority.sign(jar);
        write(signed, "one.txt", "two");

        assertRefused(signed, "x/1 is not what was signed", "one.txt");
    }

    // The main section says which packages are imported and what is started.
    @Test
    void changedManifestIsRefused() throws Exception {
        Path signed = authority.sign(jar);
        String manifest;
        try (FileSystem zip = FileSystems.newFileSystem(signed)) {
            manifest = Files.readString(zip.getPath("META-INF/MANIFEST.MF"));
        }
        write(
                signed,
                "META-INF/MANIFEST.MF",
                manifest.replace("Manifest-Version: 1.0", "Manifest-Version: 1.0\r\nBundle-Activator: evil.Code"));

        assertRefused(signed, "x/1 is not what was signed");
    }

    @Test
    void foreignSignerIsNamed() throws Exception {
        Path signed = Signing.authority("Mallory").sign(jar);

        assertRefused(signed, "x/1 is signed by CN=Mallory, whom no certificate in", "trusted.pem");
    }

    @Test
    void signerOfAForeignAuthorityOfTheSameNameIsRefused() throws Exception {
        Path signed = Signing.authority("Acme").signer("Build", LATER).sign(jar);

        assertRefused(signed, "x/1 is signed by CN=Build, whom no certificate in");
    }

    @Test
    void expiredSignerIsRefused() throws Exception {
        Path signed = authority.signer("Build", Instant.now().minusSeconds(60)).sign(jar);

        assertRefused(signed, "CN=Build, whose certificate holds only from");
    }

    @Test
    void missingFileOfTrustedSignersTrustsNobody() throws Exception {
        Path signed = authority.sign(jar);
        Files.delete(folder.resolve("trusted.pem"));

        assertRefused(signed, "the certificates of trusted signers can't be read from");
    }

    @Test
    void nothingIsAskedForWithoutTrustedSigners() {
        TrustedSigners none = new TrustedSigners(Optional.empty(), InstantSource.system());

        assertThatCode(() -> none.check(jar, "x/1")).doesNotThrowAnyException();
    }
}
