package io.skep.kube.embedded.internal;

import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.ResourceStoreContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class EmbeddedResourceStoreContractTest extends ResourceStoreContract {

    private final EmbeddedResourceStore store =
            new EmbeddedResourceStore(new InMemoryDocumentStore(), EmbeddedSettings.DEFAULTS, InstantSource.system());

    @AfterEach
    void close() {
        store.deactivate();
    }

    @Override
    protected ResourceStore store() {
        return store;
    }
}
