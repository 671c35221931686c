package io.skep.store.derby.internal;

import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.DocumentStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class DerbyDocumentStoreTest extends DocumentStoreContract {

    @TempDir
    Path folder;

    private DerbyDocumentStore store;

    @BeforeEach
    void open() {
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
