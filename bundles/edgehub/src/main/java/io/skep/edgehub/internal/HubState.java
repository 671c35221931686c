package io.skep.edgehub.internal;

import io.skep.core.api.module.Health;
import java.time.Instant;
import java.util.Set;

/**
 * How the line to the cloud is; immutable, so that any thread may read it.
 *
 * @param phase where it is
 * @param reason one word in CamelCase
 * @param since when there is, or is not, a link
 * @param lastError the last trouble as a sentence, or {@code ""}; kept after it is over
 */
record HubState(Phase phase, String reason, Instant since, String lastError) {

    /** Where the line is. */
    enum Phase {
        IDLE,
        ENROLLING,
        CONNECTING,
        CONNECTED,
        DISCONNECTED
    }

    static final String NOT_CONFIGURED = "NotConfigured";
    static final String NO_TOKEN = "NoToken";
    static final String ENROLMENT_REFUSED = "EnrolmentRefused";
    static final String CERTIFICATE_EXPIRED = "CertificateExpired";
    static final String CERTIFICATE_TROUBLE = "CertificateTrouble";
    static final String REFUSED = "Refused";
    static final String UNREACHABLE = "Unreachable";
    static final String LOST = "ConnectionLost";
    static final String FOLDER_UNWRITABLE = "FolderUnwritable";

    /** What only a person can mend. A cloud that is away is none of it: the node works on without. */
    private static final Set<String> MISCONFIGURED =
            Set.of(NO_TOKEN, ENROLMENT_REFUSED, CERTIFICATE_EXPIRED, CERTIFICATE_TROUBLE, REFUSED, FOLDER_UNWRITABLE);

    static HubState initial(Instant now) {
        return new HubState(Phase.IDLE, NOT_CONFIGURED, now, "");
    }

    /** A try begins; the trouble of the one before stays told until one succeeds. */
    HubState trying(Phase next) {
        return new HubState(next, reason.equals(NOT_CONFIGURED) ? "Connecting" : reason, since, lastError);
    }

    HubState succeeded(Instant at) {
        return new HubState(Phase.CONNECTED, "Connected", at, lastError);
    }

    HubState failed(String why, String error, Instant now) {
        return new HubState(Phase.DISCONNECTED, why, connected() ? now : since, error);
    }

    boolean connected() {
        return phase == Phase.CONNECTED;
    }

    Health health() {
        return MISCONFIGURED.contains(reason)
                ? Health.unhealthy(reason, lastError)
                : new Health(true, reason, connected() || phase == Phase.IDLE ? "" : lastError);
    }
}
