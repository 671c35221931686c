package io.skep.edgecontroller.internal;

import java.time.Duration;

/**
 * {@link EdgeControllerConfig} once checked and given types.
 *
 * @param syncPeriod time between two comparisons of what nodes have with what there is
 * @param resendAfter how long an unacknowledged object is left alone
 * @param nodeLifecycle whether lost nodes are marked here
 * @param leaseGrace age of a lease at which its node is lost
 * @param authorization whether a node may read only what its own pods use
 */
record EdgeControllerSettings(
        Duration syncPeriod, Duration resendAfter, boolean nodeLifecycle, Duration leaseGrace, boolean authorization) {

    EdgeControllerSettings {
        atLeast("sync.period.seconds", 1, syncPeriod);
        atLeast("resend.seconds", 1, resendAfter);
        atLeast("lease.grace.seconds", 5, leaseGrace);
    }

    static EdgeControllerSettings from(EdgeControllerConfig config) {
        return new EdgeControllerSettings(
                Duration.ofSeconds(config.sync_period_seconds()),
                Duration.ofSeconds(config.resend_seconds()),
                config.node_lifecycle_enabled(),
                Duration.ofSeconds(config.lease_grace_seconds()),
                config.authorization_enabled());
    }

    private static void atLeast(String key, long seconds, Duration value) {
        if (value.toSeconds() < seconds) {
            throw new IllegalArgumentException(key + " must be at least " + seconds + ", is " + value.toSeconds());
        }
    }
}
