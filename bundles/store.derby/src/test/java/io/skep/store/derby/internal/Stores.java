package io.skep.store.derby.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Opens stores for tests. */
final class Stores {

    private Stores() {}

    static DerbyDocumentStore open(Path folder) {
        return new DerbyDocumentStore(settings(folder), InstantSource.system());
    }

    static StoreSettings settings(Path folder) {
        return new StoreSettings(folder, 4 << 20, 300, 8192, 32 << 20, 0, 3, Duration.ofSeconds(60));
    }
}
