package io.skep.kube.rest.internal;

import io.skep.core.api.module.Health;
import io.skep.core.api.observe.HealthCheck;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.rest.internal.api.Catalog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The stores that are there now. When two keep the same kind, the one that came first serves it. Without any, each request is
 * answered with 503, and the process is not ready.
 */
@Component(service = {ResourceStores.class, HealthCheck.class})
public final class ResourceStores implements Catalog, HealthCheck {

    private final List<ResourceStore> stores = new CopyOnWriteArrayList<>();

    @Reference(
            service = ResourceStore.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void bind(ResourceStore store) {
        stores.add(store);
    }

    void unbind(ResourceStore store) {
        stores.remove(store);
    }

    @Override
    public List<Served> all() {
        return Catalog.of(stores);
    }

    @Override
    public boolean isEmpty() {
        return stores.isEmpty();
    }

    @Override
    public String name() {
        return "resources";
    }

    @Override
    public Health check() {
        return isEmpty()
                ? Health.unhealthy("NoStore", "nothing keeps objects, so the API answers 503")
                : Health.HEALTHY;
    }
}
