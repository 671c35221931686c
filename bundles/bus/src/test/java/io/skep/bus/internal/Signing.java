package io.skep.bus.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.zip.ZipFile;
import javax.security.auth.x500.X500Principal;
import jdk.security.jarsigner.JarSigner;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody who signs jars, and may vouch for others who do. */
public final class Signing {

    private final KeyPair keys;
    private final List<X509Certificate> chain;

    private Signing(KeyPair keys, List<X509Certificate> chain) {
        this.keys = keys;
        this.chain = chain;
    }

    /** An authority of its own. */
    public static Signing authority(String name) throws GeneralSecurityException, IOException {
        KeyPair keys = newKeys();
        return new Signing(
                keys, List.of(certificate(name, keys, name, keys, Instant.now().plusSeconds(3600), true)));
    }

    /** A signer this authority vouches for until {@code end}. */
    public Signing signer(String name, Instant end) throws GeneralSecurityException, IOException {
        KeyPair own = newKeys();
        String issuer = chain.get(0).getSubjectX500Principal().getName().substring(3);
        return new Signing(own, List.of(certificate(name, own, issuer, keys, end, false), chain.get(0)));
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(
            String name, KeyPair keys, String issuer, KeyPair issuerKeys, Instant end, boolean authority)
            throws GeneralSecurityException, IOException {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=" + issuer),
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(end.minusSeconds(7200)),
                    Date.from(end),
                    new X500Principal("CN=" + name),
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
        } catch (OperatorException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** Writes the own certificate as a file of trusted ones. */
    public Path trust(Path file) throws GeneralSecurityException, IOException {
        String text = Base64.getMimeEncoder().encodeToString(chain.get(0).getEncoded());
        return Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
    }

    /** A signed copy of {@code jar}, beside it. */
    public Path sign(Path jar) throws GeneralSecurityException, IOException {
        Path signed = jar.resolveSibling("signed-" + jar.getFileName());
        JarSigner signer = new JarSigner.Builder(
                        keys.getPrivate(),
                        CertificateFactory.getInstance("X.509").generateCertPath(chain))
                .signerName("TEST")
                .build();
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            signer.sign(in, out);
        }
        return signed;
    }
}
