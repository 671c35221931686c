package io.skep.store.derby.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Stream;

/** Opens stores for tests. To make a database takes longer than most tests: those it is not about copy one. */
final class Stores {

    private Stores() {}

    static DerbyDocumentStore open(Path folder) {
        return new DerbyDocumentStore(settings(folder), InstantSource.system());
    }

    /** Makes a database that is {@link #copy copied} then; closed. */
    static void make(Path folder) {
        open(folder).close();
    }

    /** Copies what a closed store has left in {@code made}. */
    static void copy(Path made, Path folder) {
        try (Stream<Path> files = Files.walk(made)) {
            for (Path file : files.filter(f -> !f.equals(made)).toList()) {
                Files.copy(file, folder.resolve(made.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StoreSettings settings(Path folder) {
        return new StoreSettings(folder, 4 << 20, 300, 8192, 32 << 20, 0, 3, Duration.ofSeconds(60));
    }
}
