package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.NodeName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** PKCS#10 requests, made and read. */
public final class Requests {

    private Requests() {}

    /** See {@code CertificateRequest.forNode}; the place names are EdgeCore's. */
    public static byte[] forNode(String node, KeyPair keys) {
        X500Name subject = new X500NameBuilder()
                .addRDN(BCStyle.C, "CN")
                .addRDN(BCStyle.ST, "Zhejiang")
                .addRDN(BCStyle.L, "Hangzhou")
                .addRDN(BCStyle.O, NodeName.ORGANIZATION)
                .addRDN(BCStyle.CN, NodeName.user(node))
                .build();
        try {
            return new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic())
                    .build(new JcaContentSignerBuilder(signature(keys.getPrivate())).build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot make a certificate request", e);
        }
    }

    static String signature(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }

    /** See {@code CertificateRequest.parse}. */
    public static CertificateRequest parse(byte[] der) {
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            PublicKey key = publicKey(request);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new EdgeException(Reason.INVALID, "certificate request is not signed by its own key");
            }
            X500Name subject = request.getSubject();
            return new CertificateRequest(
                    values(subject, BCStyle.CN).findFirst().orElse(""),
                    values(subject, BCStyle.O).toList(),
                    names(request),
                    key);
        } catch (IOException
                | PKCSException
                | OperatorCreationException
                | GeneralSecurityException
                | IllegalArgumentException e) {
            throw new EdgeException(Reason.INVALID, "not a certificate request: " + e.getMessage(), e);
        }
    }

    private static PublicKey publicKey(PKCS10CertificationRequest request)
            throws IOException, GeneralSecurityException {
        SubjectPublicKeyInfo key = request.getSubjectPublicKeyInfo();
        return Encodings.keyFactory(key.getAlgorithm()).generatePublic(new X509EncodedKeySpec(key.getEncoded()));
    }

    private static Stream<String> values(X500Name name, ASN1ObjectIdentifier attribute) {
        return Arrays.stream(name.getRDNs(attribute))
                .map(RDN::getFirst)
                .map(v -> IETFUtils.valueToString(v.getValue()));
    }

    private static List<String> names(PKCS10CertificationRequest request) throws UnknownHostException {
        Extensions extensions = request.getRequestedExtensions();
        GeneralNames asked =
                extensions == null ? null : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        List<String> names = new ArrayList<>();
        if (asked != null) {
            for (GeneralName name : asked.getNames()) {
                if (name.getTagNo() == GeneralName.dNSName) {
                    names.add(name.getName().toString());
                } else if (name.getTagNo() == GeneralName.iPAddress) {
                    byte[] address = ASN1OctetString.getInstance(name.getName()).getOctets();
                    names.add(InetAddress.getByAddress(address).getHostAddress());
                }
            }
        }
        return names;
    }
}
