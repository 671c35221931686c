package io.skep.store.derby.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** {@link StoreConfig} once checked and given types. */
record StoreSettings(
        Path folder,
        long cacheBytes,
        int pageCachePages,
        int queueWrites,
        long queueBytes,
        long freeBytes,
        int readers,
        Duration patience) {

    StoreSettings {
        atLeast("cache.bytes", 0, cacheBytes);
        atLeast("page.cache.pages", 40, pageCachePages);
        atLeast("queue.writes", 1, queueWrites);
        atLeast("queue.bytes", 1, queueBytes);
        atLeast("free.bytes", 0, freeBytes);
        atLeast("readers", 1, readers);
        atLeast("wait.seconds", 1, patience.toSeconds());
        // Derby reads what follows a semicolon as attributes of the connection.
        if (folder.toString().indexOf(';') >= 0) {
            throw new IllegalArgumentException("folder must hold no semicolon, is " + folder);
        }
    }

    /**
     * Checks the configuration.
     *
     * @param karafData the framework's {@code karaf.data}, or {@code null} outside of Karaf
     */
    static StoreSettings from(StoreConfig config, String karafData) {
        String folder = config.folder();
        if (folder.isEmpty()) {
            folder = Optional.ofNullable(karafData)
                    .map(data -> data + "/store")
                    .orElseThrow(() -> new IllegalArgumentException("folder must be set where karaf.data is not"));
        }
        return new StoreSettings(
                Path.of(folder).toAbsolutePath().normalize(),
                config.cache_bytes(),
                config.page_cache_pages(),
                config.queue_writes(),
                config.queue_bytes(),
                config.free_bytes(),
                config.readers(),
                Duration.ofSeconds(config.wait_seconds()));
    }

    private static void atLeast(String key, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", is " + value);
        }
    }
}
