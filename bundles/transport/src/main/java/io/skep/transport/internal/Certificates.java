package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.Identity;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
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
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes, signs and verifies certificates; the fields are those CloudCore sets. */
public final class Certificates {

    private static final String NAME = "KubeEdge";
    private static final BigInteger AUTHORITY_SERIAL = BigInteger.valueOf(1024);
    private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(364L * 100);
    private static final int SERVER_AND_CLIENT = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private Certificates() {}

    /** See {@code CertificateAuthority.create}. */
    public static CertificateAuthority createAuthority(Instant now) {
        KeyPair keys = Encodings.newKeys();
        X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, NAME).build();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject,
                AUTHORITY_SERIAL,
                Date.from(now),
                Date.from(now.plus(AUTHORITY_VALIDITY)),
                subject,
                keys.getPublic());
        add(builder, Extension.keyUsage, true, new KeyUsage(SERVER_AND_CLIENT | KeyUsage.keyCertSign));
        add(builder, Extension.extendedKeyUsage, false, purposes(Set.of(Usage.SERVER, Usage.CLIENT)));
        add(builder, Extension.basicConstraints, true, new BasicConstraints(true));
        return new CertificateAuthority(finish(builder, keys.getPrivate()), keys.getPrivate());
    }

    /** See {@code CertificateAuthority.issueServer}. */
    public static Identity issueServer(CertificateAuthority authority, List<String> names, Instant now) {
        KeyPair keys = Encodings.newKeys();
        CertificateRequest request = new CertificateRequest(NAME, List.of(NAME), names, keys.getPublic());
        Duration rest =
                Duration.between(now, authority.certificate().getNotAfter().toInstant());
        return new Identity(keys.getPrivate(), List.of(sign(authority, request, Set.of(Usage.SERVER), now, rest)));
    }

    /** See {@code CertificateAuthority.sign}. */
    public static X509Certificate sign(
            CertificateAuthority authority,
            CertificateRequest request,
            Set<Usage> usages,
            Instant now,
            Duration validity) {
        if (request.commonName().isEmpty()) {
            throw new EdgeException(Reason.INVALID, "certificate request has no common name");
        }
        X509v3CertificateBuilder builder = builder(authority, request, now, validity);
        add(builder, Extension.keyUsage, true, new KeyUsage(SERVER_AND_CLIENT));
        add(builder, Extension.extendedKeyUsage, false, purposes(usages));
        if (!request.names().isEmpty()) {
            GeneralName[] names =
                    request.names().stream().map(Certificates::generalName).toArray(GeneralName[]::new);
            add(builder, Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return finish(builder, authority.key());
    }

    private static X509v3CertificateBuilder builder(
            CertificateAuthority authority, CertificateRequest request, Instant now, Duration validity) {
        X500NameBuilder subject = new X500NameBuilder();
        request.organizations().forEach(o -> subject.addRDN(BCStyle.O, o));
        subject.addRDN(BCStyle.CN, request.commonName());
        PublicKey key = request.publicKey();
        return new JcaX509v3CertificateBuilder(
                X500Name.getInstance(
                        authority.certificate().getSubjectX500Principal().getEncoded()),
                new BigInteger(63, new SecureRandom()).add(BigInteger.ONE),
                Date.from(now),
                Date.from(now.plus(validity)),
                subject.build(),
                key);
    }

    static GeneralName generalName(String name) {
        int tag = ADDRESS.matcher(name).matches() ? GeneralName.iPAddress : GeneralName.dNSName;
        try {
            return new GeneralName(tag, name);
        } catch (IllegalArgumentException e) {
            throw new EdgeException(Reason.INVALID, "not a host name or address: " + name, e);
        }
    }

    private static ExtendedKeyUsage purposes(Set<Usage> usages) {
        return new ExtendedKeyUsage(usages.stream()
                .sorted()
                .map(usage -> usage == Usage.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth)
                .toArray(KeyPurposeId[]::new));
    }

    private static void add(
            X509v3CertificateBuilder builder,
            org.bouncycastle.asn1.ASN1ObjectIdentifier extension,
            boolean critical,
            ASN1Encodable value) {
        try {
            builder.addExtension(extension, critical, value);
        } catch (IOException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot encode extension " + extension, e);
        }
    }

    private static X509Certificate finish(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            ContentSigner signer = new JcaContentSignerBuilder(Requests.signature(key)).build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot sign a certificate: " + e.getMessage(), e);
        }
    }

    /** See {@code CertificateAuthority.verify}. */
    public static void verify(X509Certificate authority, List<X509Certificate> chain, Usage usage, Instant now) {
        try {
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            checkUsage(chain.get(0), usage);
        } catch (CertPathValidatorException e) {
            throw new EdgeException(
                    Reason.UNAUTHORIZED,
                    "certificate not accepted: " + TlsTrouble.explain(e).orElse(e.getMessage()),
                    e);
        } catch (GeneralSecurityException e) {
            throw new EdgeException(Reason.UNAUTHORIZED, "certificate not accepted: " + e.getMessage(), e);
        }
    }

    /** As Go: a certificate without any extended key usage is good for all. */
    private static void checkUsage(X509Certificate certificate, Usage usage) throws GeneralSecurityException {
        List<String> allowed = certificate.getExtendedKeyUsage();
        String wanted = (usage == Usage.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth).getId();
        boolean good = allowed == null
                || allowed.contains(wanted)
                || allowed.contains(KeyPurposeId.anyExtendedKeyUsage.getId());
        if (!good) {
            throw new EdgeException(
                    Reason.UNAUTHORIZED,
                    "certificate not accepted: it is not meant for a "
                            + usage.name().toLowerCase());
        }
    }
}
