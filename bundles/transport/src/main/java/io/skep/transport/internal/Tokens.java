package io.skep.transport.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.JoinToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** KubeEdge's join token: a JWT (RFC 7519) with the one claim {@code exp}, behind the hash of the authority. */
public final class Tokens {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    private static final Map<String, String> ALGORITHMS =
            Map.of("HS256", "HmacSHA256", "HS384", "HmacSHA384", "HS512", "HmacSHA512");

    private Tokens() {}

    /** See {@code JoinToken.create}. */
    public static JoinToken create(CertificateAuthority authority, Instant expires) {
        String claims = "{\"exp\":" + expires.getEpochSecond() + "}";
        String signed =
                base64(HEADER.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        String bearer = signed + "." + base64(hmac("HmacSHA256", authority, signed));
        return new JoinToken(hash(authority.certificateDer()), bearer);
    }

    /** See {@code JoinToken.parse}. */
    public static JoinToken parse(String text) {
        String token = text.strip();
        int dot = token.indexOf('.');
        if (token.split("\\.", -1).length != 4 || dot != 64) {
            throw new EdgeException(Reason.INVALID, "the join token must have four parts, the first of 64 hex digits");
        }
        return new JoinToken(token.substring(0, dot), token.substring(dot + 1));
    }

    /** See {@code JoinToken.verifyBearer}. */
    public static void verify(String bearer, CertificateAuthority authority, Instant now) {
        String[] parts = bearer.split("\\.", -1);
        if (parts.length != 3) {
            throw refused("it must have three parts");
        }
        try {
            Base64.Decoder base64 = Base64.getUrlDecoder();
            String algorithm = ALGORITHMS.get(
                    JSON.readTree(base64.decode(parts[0])).path("alg").asText());
            if (algorithm == null) {
                throw refused("its algorithm is not HS256, HS384 or HS512");
            }
            byte[] expected = hmac(algorithm, authority, parts[0] + "." + parts[1]);
            if (!MessageDigest.isEqual(expected, base64.decode(parts[2]))) {
                throw refused("its signature is wrong");
            }
            JsonNode expires = JSON.readTree(base64.decode(parts[1])).path("exp");
            if (!expires.isNumber() || now.getEpochSecond() >= expires.asLong()) {
                throw refused("it has expired");
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw refused("it is malformed");
        } catch (IOException e) {
            throw refused("it cannot be read");
        }
    }

    /** See {@code JoinToken.verifyAuthority}. */
    public static void verifyAuthority(JoinToken token, byte[] authorityDer) {
        String actual = hash(authorityDer);
        if (!actual.equals(token.authorityHash())) {
            throw new EdgeException(
                    Reason.UNAUTHORIZED,
                    "the cloud's certificate authority is not the one of the join token: expected sha256 "
                            + token.authorityHash() + ", got " + actual);
        }
    }

    private static EdgeException refused(String why) {
        return new EdgeException(Reason.UNAUTHORIZED, "join token refused: " + why);
    }

    private static byte[] hmac(String algorithm, CertificateAuthority authority, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(authority.keyDer(), algorithm));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "this Java has no " + algorithm, e);
        }
    }

    private static String hash(byte[] der) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (GeneralSecurityException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "this Java has no SHA-256", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
