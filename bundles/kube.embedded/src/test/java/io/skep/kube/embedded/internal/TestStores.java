package io.skep.kube.embedded.internal;

import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.kube.api.ResourceStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Embedded stores on one disk that is none, under a clock the test moves. */
public final class TestStores implements AutoCloseable {

    private final InMemoryDocumentStore disk = new InMemoryDocumentStore();
    private final List<EmbeddedResourceStore> opened = new ArrayList<>();
    private EmbeddedSettings settings = EmbeddedSettings.DEFAULTS;
    private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

    TestStores with(EmbeddedSettings value) {
        settings = value;
        return this;
    }

    public InMemoryDocumentStore disk() {
        return disk;
    }

    public InstantSource clock() {
        return () -> now;
    }

    void advance(java.time.Duration time) {
        now = now.plus(time);
    }

    /** Opens the store, or opens it again after {@link #close}. */
    public ResourceStore open() {
        EmbeddedResourceStore store = new EmbeddedResourceStore(disk, settings, clock());
        opened.add(store);
        return store;
    }

    @Override
    public void close() {
        opened.forEach(EmbeddedResourceStore::deactivate);
        opened.clear();
    }
}
