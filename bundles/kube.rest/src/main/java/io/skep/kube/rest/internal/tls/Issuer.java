package io.skep.kube.rest.internal.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates with fresh P-256 keys. Not loaded as long as those on disk are good. */
final class Issuer {

    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BITS = 127;

    /** A clock on another machine may be a little behind. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    private final SecureRandom random = new SecureRandom();

    KeyedCertificate authority(String commonName, Instant from, Duration validity) throws GeneralSecurityException {
        KeyPair keys = newKeys();
        X500Name name = new X500Name("CN=" + commonName);
        X509v3CertificateBuilder builder = builder(name, name, keys, from, validity);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature));
            return sign(builder, keys, keys.getPrivate());
        } catch (IOException | OperatorCreationException e) {
            throw new GeneralSecurityException("CA certificate can't be made", e);
        }
    }

    KeyedCertificate server(KeyedCertificate authority, Collection<String> names, Instant from, Duration validity)
            throws GeneralSecurityException {
        GeneralName[] alternatives = names.stream()
                .map(name ->
                        new GeneralName(HostNames.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new);
        return leaf(
                authority,
                "CN=kube-apiserver",
                KeyPurposeId.id_kp_serverAuth,
                new GeneralNames(alternatives),
                from,
                validity);
    }

    KeyedCertificate client(KeyedCertificate authority, String subject, Instant from, Duration validity)
            throws GeneralSecurityException {
        return leaf(authority, subject, KeyPurposeId.id_kp_clientAuth, null, from, validity);
    }

    private KeyedCertificate leaf(
            KeyedCertificate authority,
            String subject,
            KeyPurposeId purpose,
            GeneralNames alternatives,
            Instant from,
            Duration validity)
            throws GeneralSecurityException {
        KeyPair keys = newKeys();
        X500Name issuer = X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded());
        X509v3CertificateBuilder builder = builder(issuer, new X500Name(subject), keys, from, validity);
        try {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            if (alternatives != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, alternatives);
            }
            return sign(builder, keys, authority.key());
        } catch (IOException | OperatorCreationException e) {
            throw new GeneralSecurityException("certificate can't be made: subject=" + subject, e);
        }
    }

    private X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys, Instant from, Duration validity) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random),
                Date.from(from.minus(BACKDATED)),
                Date.from(from.plus(validity)),
                subject,
                keys.getPublic());
    }

    private static KeyedCertificate sign(X509v3CertificateBuilder builder, KeyPair keys, PrivateKey with)
            throws GeneralSecurityException, OperatorCreationException {
        return new KeyedCertificate(
                new JcaX509CertificateConverter()
                        .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(with))),
                keys.getPrivate());
    }

    private KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }
}
