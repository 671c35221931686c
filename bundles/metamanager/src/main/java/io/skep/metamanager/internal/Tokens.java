package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Service account tokens: which request a kept token answers, and how long it is good.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/client/serviceaccounttoken.go}: refreshed in the last fifth of
 * its life and after a day.
 */
final class Tokens {

    static final String TYPE = "serviceaccounttoken";

    private static final Duration OLDEST = Duration.ofHours(24);
    private static final double FRESH = 0.8;

    private Tokens() {}

    /** The key of the token a TokenRequest asks for: audiences, lifetime and bound object make different tokens. */
    static String key(String resource, String tokenRequest) {
        List<Object> asked = new ArrayList<>();
        if (Json.read(tokenRequest) instanceof Map<?, ?> request && request.get("spec") instanceof Map<?, ?> spec) {
            asked.add(spec.get("audiences"));
            asked.add(spec.get("expirationSeconds"));
            asked.add(spec.get("boundObjectRef"));
        }
        return resource + "/" + sha256(Json.write(asked));
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "no SHA-256", e);
        }
    }

    /** Whether a kept TokenRequest, with its token in {@code status}, need not be asked for anew. */
    static boolean isFresh(String tokenRequest, Instant now) {
        if (!(Json.read(tokenRequest) instanceof Map<?, ?> request)
                || !(request.get("spec") instanceof Map<?, ?> spec)
                || !(request.get("status") instanceof Map<?, ?> status)
                || !(spec.get("expirationSeconds") instanceof Number lifetime)
                || !(status.get("expirationTimestamp") instanceof String end)) {
            return false;
        }
        try {
            Instant made = Instant.parse(end).minusSeconds(lifetime.longValue());
            Duration fresh = Duration.ofSeconds((long) (lifetime.longValue() * FRESH));
            return now.isBefore(made.plus(fresh.compareTo(OLDEST) < 0 ? fresh : OLDEST));
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
