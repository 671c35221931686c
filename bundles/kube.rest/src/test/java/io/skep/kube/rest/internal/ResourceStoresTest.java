package io.skep.kube.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.module.Health;
import io.skep.kube.api.InMemoryResourceStore;
import org.junit.jupiter.api.Test;

class ResourceStoresTest {

    private final ResourceStores stores = new ResourceStores();

    @Test
    void apiWithoutAStoreIsNotReady() {
        InMemoryResourceStore store = new InMemoryResourceStore();

        assertThat(stores.check().reason()).isEqualTo("NoStore");

        stores.bind(store);
        assertThat(stores.check()).isEqualTo(Health.HEALTHY);

        stores.unbind(store);
        assertThat(stores.check().ok()).isFalse();
    }
}
