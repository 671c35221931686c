package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.JoinToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the node the credentials it travels with: those saved, or new ones for a join token. Blocks on disk and network;
 * belongs on the worker pool.
 */
final class Passport {

    /** The environment variable that may hold the token. */
    static final String TOKEN_VARIABLE = "SKEP_TOKEN";

    private static final Logger LOG = LoggerFactory.getLogger(Passport.class);

    private final CertificateFiles files;
    private final Enrolment enrolment;
    private final String tokenFile;
    private final Map<String, String> environment;

    Passport(CertificateFiles files, Enrolment enrolment, String tokenFile, Map<String, String> environment) {
        this.files = files;
        this.enrolment = enrolment;
        this.tokenFile = tokenFile;
        this.environment = environment;
    }

    /**
     * The credentials to connect with. Saved ones are used while they are valid; a token that names another cloud than they
     * do wins over them.
     *
     * @throws EdgeException {@code NOT_FOUND} when a token is needed and there is none, {@code GONE} when the certificate has
     *     expired and there is none, else as {@link Enrolment#join}
     */
    Credentials obtain(Instant now) {
        Optional<Credentials> saved = files.load();
        boolean expired = saved.isPresent() && saved.get().expired(now);
        if (saved.isPresent() && !expired && !moved(saved.get())) {
            return saved.get();
        }
        Optional<JoinToken> token = token();
        if (token.isEmpty()) {
            throw expired
                    ? new EdgeException(
                            Reason.GONE,
                            "the node's certificate has expired at "
                                    + saved.get().notAfter() + "; a new join token is needed (token.file or "
                                    + TOKEN_VARIABLE + ")")
                    : new EdgeException(
                            Reason.NOT_FOUND,
                            "the node has no certificate; a join token is needed (token.file or " + TOKEN_VARIABLE
                                    + ")");
        }
        Credentials fresh = enrolment.join(token.get());
        files.save(fresh);
        LOG.info("joined the cloud: certificateNotAfter={}", fresh.notAfter());
        return fresh;
    }

    /** New credentials for those in use. */
    Credentials renew(Credentials current) {
        Credentials fresh = enrolment.renew(current);
        files.save(fresh);
        LOG.info("certificate renewed: certificateNotAfter={}", fresh.notAfter());
        return fresh;
    }

    /** Whether there is a token, and it names another cloud; one that can't be read is of no weight here. */
    private boolean moved(Credentials saved) {
        try {
            return token().filter(token -> !sameCloud(saved, token)).isPresent();
        } catch (EdgeException e) {
            LOG.warn("join token unusable, the saved certificate is used: reason={}", e.getMessage());
            return false;
        }
    }

    private static boolean sameCloud(Credentials saved, JoinToken token) {
        try {
            token.verifyAuthority(Der.encode(saved.authority()));
            return true;
        } catch (EdgeException e) {
            return false;
        }
    }

    private Optional<JoinToken> token() {
        String text = tokenFile.isEmpty() ? "" : fromFile();
        if (text.isEmpty()) {
            text = environment.getOrDefault(TOKEN_VARIABLE, "").strip();
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(JoinToken.parse(text));
    }

    private String fromFile() {
        Path file = Path.of(tokenFile);
        try {
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new EdgeException(
                    Reason.INVALID, "token.file cannot be read: " + file + " (" + e.getMessage() + ")", e);
        }
    }
}
