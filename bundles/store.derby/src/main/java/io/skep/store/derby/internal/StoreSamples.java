package io.skep.store.derby.internal;

import io.skep.core.api.observe.Sample;
import io.skep.core.api.store.StoreStatus;
import java.util.List;
import java.util.Map;

/** The store's figures as they are shown to operators. */
record StoreSamples(WriteFigures figures, ReadCache cache, WriteQueue queue, DataFolder folder) {

    private static final double NANOS = 1e9;

    List<Sample> samples(StoreStatus status) {
        return List.of(
                counter("skep_store_writes", "Writes that are on disk.", figures.writes.get()),
                counter(
                        "skep_store_conflicts",
                        "Writes refused because another revision was there.",
                        figures.conflicts.get()),
                counter("skep_store_failed_writes", "Writes that failed.", figures.failures.get()),
                counter("skep_store_batches", "Transactions, each one flush of the disk.", figures.batches.get()),
                counter("skep_store_commit_seconds", "Time spent in transactions.", figures.commitNanos.get() / NANOS),
                counter("skep_store_written_bytes", "Size of the writes that are on disk.", figures.bytes.get()),
                counter("skep_store_cache_hits", "Documents read from memory.", cache.hits()),
                counter("skep_store_cache_misses", "Documents not found in memory.", cache.misses()),
                gauge("skep_store_cache_bytes", "Size of the documents in memory.", cache.bytes()),
                gauge("skep_store_queue", "Writes that wait.", queue.size()),
                gauge("skep_store_disk_bytes", "Size of the database on disk.", folder.databaseBytes()),
                gauge("skep_store_disk_free_bytes", "Room left on the disk.", folder.usableBytes()),
                gauge("skep_store_writable", "1 when writes succeed.", status.writable() ? 1 : 0),
                gauge(
                        "skep_store_set_aside",
                        "1 when a damaged database was set aside at start.",
                        status.setAside().isPresent() ? 1 : 0));
    }

    private static Sample counter(String name, String help, double value) {
        return Sample.counter(name, help, Map.of(), value);
    }

    private static Sample gauge(String name, String help, double value) {
        return Sample.gauge(name, help, Map.of(), value);
    }
}
