package io.skep.store.derby.internal;

import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.DocumentStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class DerbyDocumentStoreTest extends DocumentStoreContract {

    @TempDir
    static Path made;

    @TempDir
    Path folder;

    private DerbyDocumentStore store;

    @BeforeAll
    static void make() {
        Stores.make(made);
    }

    @BeforeEach
    void open() {
        Stores.copy(made, folder);
        store = Stores.open(folder);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    protected DocumentStore store() {
        return store;
    }
}
