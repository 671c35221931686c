package io.skep.metamanager.internal;

import java.time.Duration;

/** {@link MetaManagerConfig} once checked and given types. */
record MetaManagerSettings(Duration remoteQueryTimeout, Duration forwardRetry) {

    MetaManagerSettings {
        positive("remote.query.timeout.seconds", remoteQueryTimeout);
        positive("forward.retry.milliseconds", forwardRetry);
    }

    static MetaManagerSettings from(MetaManagerConfig config) {
        return new MetaManagerSettings(
                Duration.ofSeconds(config.remote_query_timeout_seconds()),
                Duration.ofMillis(config.forward_retry_milliseconds()));
    }

    private static void positive(String key, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(key + " must be at least 1, is " + value);
        }
    }
}
