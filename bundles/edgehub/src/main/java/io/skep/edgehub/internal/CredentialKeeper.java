package io.skep.edgehub.internal;

import io.skep.core.api.module.ModuleContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's credentials while it works: obtained when there are none, renewed before they end. Belongs to the module's
 * thread; files and cloud are met on the worker pool.
 */
final class CredentialKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialKeeper.class);

    private static final Duration RENEWAL_CHECK = Duration.ofMinutes(1);
    private static final Duration FIRST_RENEWAL_PAUSE = Duration.ofSeconds(2);
    private static final int MAX_RENEWAL_DOUBLINGS = 4;

    private final boolean rotate;
    private final Passport passport;
    private final ModuleContext context;
    private final RandomGenerator random;
    private Optional<Credentials> current = Optional.empty();
    private Instant renewAt = Instant.MAX;
    private int renewalTries;

    /** Read by any thread. */
    private volatile Optional<Instant> notAfter = Optional.empty();

    /** @param rotate whether they are renewed */
    CredentialKeeper(boolean rotate, Passport passport, ModuleContext context, RandomGenerator random) {
        this.rotate = rotate;
        this.passport = passport;
        this.context = context;
        this.random = random;
    }

    void start() {
        context.every(RENEWAL_CHECK, this::checkRenewal);
    }

    /** Those in use, expired or not. */
    Optional<Credentials> current() {
        return current;
    }

    /** Those in use, if a link can be opened with them. */
    Optional<Credentials> valid() {
        return current.filter(credentials -> !credentials.expired(now()));
    }

    /** When those obtained last end; any thread. */
    Optional<Instant> notAfter() {
        return notAfter;
    }

    /** Reads them from the files or has the cloud make them; they are in use only after {@link #use}. */
    void obtain(BiConsumer<Credentials, Exception> then) {
        Instant at = now();
        context.work("certificates", () -> passport.obtain(at), then::accept);
    }

    void use(Credentials obtained) {
        current = Optional.of(obtained);
        notAfter = Optional.of(obtained.notAfter());
        renewAt = obtained.renewAt(random);
        renewalTries = 0;
    }

    /** The files and the token are read anew when they are needed next. */
    void drop() {
        current = Optional.empty();
    }

    /** The link in use stays: it was admitted with the old certificate, and the next one is opened with the new. */
    private void checkRenewal() {
        if (!rotate || current.isEmpty() || now().isBefore(renewAt)) {
            return;
        }
        renewAt = Instant.MAX;
        Credentials old = current.get();
        context.work("certificates", () -> passport.renew(old), (renewed, failure) -> {
            if (failure == null) {
                use(renewed);
            } else {
                Duration delay =
                        FIRST_RENEWAL_PAUSE.multipliedBy(1L << Math.min(renewalTries++, MAX_RENEWAL_DOUBLINGS));
                renewAt = now().plus(delay);
                context.after(delay, this::checkRenewal);
                LOG.warn(
                        "certificate not renewed, trying on: certificateNotAfter={} reason={}",
                        old.notAfter(),
                        failure.getMessage());
            }
        });
    }

    private Instant now() {
        return context.clock().instant();
    }
}
