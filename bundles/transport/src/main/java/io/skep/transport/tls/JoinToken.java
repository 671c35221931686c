package io.skep.transport.tls;

import io.skep.transport.internal.Tokens;
import java.time.Instant;
import java.util.Objects;

/**
 * What a node joins with: {@code <hex SHA-256 of the CA certificate>.<JWT>}, four parts between dots.
 *
 * @param authorityHash lower-case hex SHA-256 of the authority's certificate DER
 * @param bearer the JWT for the {@code Authorization} header; a secret, never shown by {@link #toString}
 */
public record JoinToken(String authorityHash, String bearer) {

    public JoinToken {
        Objects.requireNonNull(authorityHash, "authorityHash");
        Objects.requireNonNull(bearer, "bearer");
    }

    /** A new one: HS256 over the claim {@code exp}, signed with the DER bytes of the authority's key. */
    public static JoinToken create(CertificateAuthority authority, Instant expires) {
        return Tokens.create(authority, expires);
    }

    /** Takes a token text apart; white space around it is ignored. */
    public static JoinToken parse(String text) {
        return Tokens.parse(text);
    }

    /**
     * Checks a bearer as the cloud does: HS256, HS384 or HS512, signature and {@code exp}.
     *
     * @throws io.skep.core.api.EdgeException {@code UNAUTHORIZED} with the reason
     */
    public static void verifyBearer(String bearer, CertificateAuthority authority, Instant now) {
        Tokens.verify(bearer, authority, now);
    }

    /**
     * Checks that {@code authorityDer}, downloaded without trust, is what this token names.
     *
     * @throws io.skep.core.api.EdgeException {@code UNAUTHORIZED} when it is another
     */
    public void verifyAuthority(byte[] authorityDer) {
        Tokens.verifyAuthority(this, authorityDer);
    }

    /** The whole token as it is given to a node; a secret. */
    public String text() {
        return authorityHash + "." + bearer;
    }

    @Override
    public String toString() {
        return "JoinToken[" + authorityHash + "]";
    }
}
