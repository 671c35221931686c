package io.skep.kube.rest.internal.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Tells who asks from a bearer token or a client certificate of our own CA, whose common name is the user and whose
 * organizations are the groups (as in Kubernetes' {@code apiserver/pkg/authentication/request/x509}).
 */
public final class Authenticator {

    private static final String BEARER = "Bearer ";

    private final Supplier<X509Certificate> authority;
    private final byte[] adminToken;
    private final InstantSource clock;

    public Authenticator(Supplier<X509Certificate> authority, String adminToken, InstantSource clock) {
        this.authority = authority;
        this.adminToken = adminToken.getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    /**
     * Who asks; empty when what was shown is wrong. {@link User#ANONYMOUS} when nothing was shown.
     *
     * @param authorization the header of that name, or {@code null}
     * @param chain the client's certificates, its own first; may be empty
     */
    public Optional<User> authenticate(String authorization, List<X509Certificate> chain) {
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return byToken(authorization.substring(BEARER.length()).trim());
        }
        if (authorization != null) {
            return Optional.empty();
        }
        return chain.isEmpty() ? Optional.of(User.ANONYMOUS) : byCertificate(chain.get(0));
    }

    private Optional<User> byToken(String token) {
        boolean admin = MessageDigest.isEqual(adminToken, token.getBytes(StandardCharsets.UTF_8));
        return admin ? Optional.of(new User("admin", List.of(User.MASTERS)).authenticated()) : Optional.empty();
    }

    private Optional<User> byCertificate(X509Certificate certificate) {
        try {
            certificate.verify(authority.get().getPublicKey());
            certificate.checkValidity(Date.from(Instant.ofEpochMilli(clock.millis())));
            return Optional.of(subject(certificate).authenticated());
        } catch (GeneralSecurityException | InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static User subject(X509Certificate certificate) throws InvalidNameException {
        String name = "";
        List<String> groups = new ArrayList<>();
        for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            if (rdn.getType().equalsIgnoreCase("CN")) {
                name = String.valueOf(rdn.getValue());
            } else if (rdn.getType().equalsIgnoreCase("O")) {
                groups.add(String.valueOf(rdn.getValue()));
            }
        }
        return new User(name, groups);
    }
}
