package io.skep.kube.embedded.internal;

import java.time.Duration;

/**
 * {@link EmbeddedConfig} once checked and given types.
 *
 * @param historyChanges changes of each kind kept for watches that resume
 * @param watchQueueChanges changes that may wait for one watcher
 * @param cacheChars text of the objects kept parsed, in characters
 * @param eventLifetime how long an event is kept
 * @param eventLimit most events kept
 */
record EmbeddedSettings(
        int historyChanges, int watchQueueChanges, long cacheChars, Duration eventLifetime, int eventLimit) {

    static final EmbeddedSettings DEFAULTS = new EmbeddedSettings(1000, 4096, 2L << 20, Duration.ofHours(1), 5000);

    EmbeddedSettings {
        atLeastOne("history.changes", historyChanges);
        atLeastOne("watch.queue.changes", watchQueueChanges);
        atLeastOne("cache.kib", cacheChars >> 10);
        atLeastOne("event.lifetime.minutes", eventLifetime.toMinutes());
        atLeastOne("event.limit", eventLimit);
    }

    static EmbeddedSettings from(EmbeddedConfig config) {
        return new EmbeddedSettings(
                config.history_changes(),
                config.watch_queue_changes(),
                (long) config.cache_kib() << 10,
                Duration.ofMinutes(config.event_lifetime_minutes()),
                config.event_limit());
    }

    private static void atLeastOne(String key, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, is " + value);
        }
    }
}
