package io.skep.transport.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A node's name and what its certificate must say of it: one rule for every door a node comes through.
 *
 * <p>Source: Kubernetes' node authorizer, {@code pkg/auth/nodeidentifier/default.go}.
 */
public final class NodeName {

    /** The organization of a node's certificate. */
    public static final String ORGANIZATION = "system:nodes";

    private static final String USER_PREFIX = "system:node:";
    private static final int LONGEST = 253;
    private static final Pattern DNS_SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private NodeName() {}

    /** Whether a text can be the name of a node: a DNS subdomain as Kubernetes wants it. */
    public static boolean isValid(String name) {
        return name.length() <= LONGEST && DNS_SUBDOMAIN.matcher(name).matches();
    }

    /** The common name of a node's certificate. */
    public static String user(String node) {
        return USER_PREFIX + node;
    }

    /** Why a certificate is not that of {@code node}, or empty when it is. */
    public static Optional<String> mismatch(X509Certificate certificate, String node) {
        List<String> names = values(certificate, "CN");
        if (!names.contains(user(node))) {
            return Optional.of("the certificate is for " + String.join(",", names) + ", not for " + user(node));
        }
        if (!values(certificate, "O").contains(ORGANIZATION)) {
            return Optional.of("the certificate is not of organization " + ORGANIZATION);
        }
        return Optional.empty();
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
