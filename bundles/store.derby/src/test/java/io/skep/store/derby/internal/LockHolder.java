package io.skep.store.derby.internal;

import java.io.IOException;
import java.nio.file.Path;

/** Keeps a store open until its input ends. */
final class LockHolder {

    private LockHolder() {}

    public static void main(String[] arguments) throws IOException {
        try (DerbyDocumentStore store = Stores.open(Path.of(arguments[0]))) {
            System.out.println(store.status().reason());
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }
}
