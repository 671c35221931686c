package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Certificates and keys to and from DER and PEM. Go writes EC keys as SEC1, Java as PKCS#8: this is the bridge. */
public final class Encodings {

    private static final String CERTIFICATE = "CERTIFICATE";

    private Encodings() {}

    public static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new EdgeException(Reason.INVALID, "not a certificate: " + e.getMessage(), e);
        }
    }

    public static byte[] encode(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new EdgeException(Reason.INVALID, "certificate has no encoding: " + e.getMessage(), e);
        }
    }

    public static PrivateKey privateKey(byte[] der) {
        try {
            PrivateKeyInfo info = privateKeyInfo(ASN1Sequence.getInstance(der));
            KeyFactory factory = keyFactory(info.getPrivateKeyAlgorithm());
            PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            // Java compares keys by their encoding, and would keep the optional parts of this one: equal keys be equal.
            return key instanceof ECPrivateKey ec
                    ? factory.generatePrivate(new ECPrivateKeySpec(ec.getS(), ec.getParams()))
                    : key;
        } catch (IllegalArgumentException | IOException | GeneralSecurityException e) {
            // The parser's message may quote bytes of the key: it stays out of ours.
            throw new EdgeException(Reason.INVALID, "not a private key (SEC1, PKCS#1 or PKCS#8)");
        }
    }

    /** Java's factory for a kind of key; it knows the common kinds by name only. */
    static KeyFactory keyFactory(AlgorithmIdentifier algorithm) throws GeneralSecurityException {
        ASN1ObjectIdentifier id = algorithm.getAlgorithm();
        if (id.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return KeyFactory.getInstance("EC");
        }
        return KeyFactory.getInstance(id.equals(PKCSObjectIdentifiers.rsaEncryption) ? "RSA" : id.getId());
    }

    /** Tells the three forms apart by their second element, as RFC 5208, 5915 and 8017 define them. */
    private static PrivateKeyInfo privateKeyInfo(ASN1Sequence key) throws IOException {
        if (key.size() < 2) {
            throw new IllegalArgumentException("too short");
        }
        if (key.getObjectAt(1) instanceof ASN1OctetString) {
            org.bouncycastle.asn1.sec.ECPrivateKey sec1 = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(key);
            return new PrivateKeyInfo(
                    new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, sec1.getParametersObject()), sec1);
        }
        if (key.getObjectAt(1) instanceof ASN1Integer) {
            return new PrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), key);
        }
        return PrivateKeyInfo.getInstance(key);
    }

    /** EC keys with curve and public point, byte for byte as Go's {@code x509.MarshalECPrivateKey} has them. */
    public static byte[] encode(PrivateKey key) {
        if (!(key instanceof ECPrivateKey ec)) {
            return key.getEncoded();
        }
        ASN1ObjectIdentifier curve = ASN1ObjectIdentifier.getInstance(PrivateKeyInfo.getInstance(key.getEncoded())
                .getPrivateKeyAlgorithm()
                .getParameters());
        X9ECParameters parameters = ECNamedCurveTable.getByOID(curve);
        BigInteger secret = ec.getS();
        byte[] point = parameters.getG().multiply(secret).normalize().getEncoded(false);
        try {
            return new org.bouncycastle.asn1.sec.ECPrivateKey(
                            parameters.getN().bitLength(), secret, new DERBitString(point), curve)
                    .getEncoded();
        } catch (IOException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot encode an EC key", e);
        }
    }

    public static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "this Java has no EC P-256", e);
        }
    }

    public static List<X509Certificate> pemCertificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemObject block : blocks(text)) {
            if (CERTIFICATE.equals(block.getType())) {
                certificates.add(certificate(block.getContent()));
            }
        }
        if (certificates.isEmpty()) {
            throw new EdgeException(Reason.INVALID, "no certificate in PEM form");
        }
        return List.copyOf(certificates);
    }

    public static PrivateKey pemPrivateKey(String text) {
        Optional<PemObject> key = blocks(text).stream()
                .filter(block -> block.getType().endsWith("PRIVATE KEY"))
                .findFirst();
        return privateKey(key.orElseThrow(() -> new EdgeException(Reason.INVALID, "no private key in PEM form"))
                .getContent());
    }

    private static List<PemObject> blocks(String text) {
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                blocks.add(block);
            }
        } catch (IOException | RuntimeException e) {
            throw new EdgeException(Reason.INVALID, "not in PEM form", e);
        }
        return blocks;
    }

    public static String pem(X509Certificate certificate) {
        return pem(CERTIFICATE, encode(certificate));
    }

    public static String pem(PrivateKey key) {
        return pem(key instanceof ECPrivateKey ? "EC PRIVATE KEY" : "PRIVATE KEY", encode(key));
    }

    private static String pem(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot write PEM", e);
        }
        return text.toString();
    }
}
