package io.skep.cloudstream.internal;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** What a node's certificate must say of it; the hub, which has it signed, holds to the same. */
final class NodeCertificate {

    private static final String ORGANIZATION = "system:nodes";
    private static final String USER_PREFIX = "system:node:";
    private static final int LONGEST = 253;
    private static final Pattern DNS_SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private NodeCertificate() {}

    static boolean isNodeName(String name) {
        return name.length() <= LONGEST && DNS_SUBDOMAIN.matcher(name).matches();
    }

    /** Why a certificate is not that of {@code node}, or empty when it is. */
    static Optional<String> mismatch(X509Certificate certificate, String node) {
        List<String> names = values(certificate, "CN");
        if (!names.contains(USER_PREFIX + node)) {
            return Optional.of("the certificate is for " + String.join(",", names) + ", not for " + USER_PREFIX + node);
        }
        return values(certificate, "O").contains(ORGANIZATION)
                ? Optional.empty()
                : Optional.of("the certificate is not of organization " + ORGANIZATION);
    }

    /** None for a name that can't be read: it is then nobody's. */
    private static List<String> values(X509Certificate certificate, String attribute) {
        List<String> values = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase(attribute)) {
                    values.add(String.valueOf(rdn.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            return List.of();
        }
        return values;
    }
}
