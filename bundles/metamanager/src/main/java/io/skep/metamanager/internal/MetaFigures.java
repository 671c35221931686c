package io.skep.metamanager.internal;

import io.skep.core.api.observe.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What MetaManager counted since it was made. Written by the module's thread, read by any. */
final class MetaFigures {

    final AtomicLong stored = new AtomicLong();
    final AtomicLong duplicates = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    final AtomicLong unknown = new AtomicLong();
    final AtomicLong delayed = new AtomicLong();
    final AtomicLong local = new AtomicLong();
    final AtomicLong remote = new AtomicLong();
    final AtomicLong shared = new AtomicLong();
    final AtomicLong remoteFailures = new AtomicLong();

    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        String messages = "Messages that ask for a change, by what became of them.";
        samples.add(counter("skep_meta_changes", messages, "result", "stored", stored));
        samples.add(counter("skep_meta_changes", messages, "result", "duplicate", duplicates));
        samples.add(counter("skep_meta_changes", messages, "result", "failed", failures));
        samples.add(counter("skep_meta_changes", messages, "result", "unknown", unknown));
        String queries = "Questions, by who answered.";
        samples.add(counter("skep_meta_queries", queries, "answer", "local", local));
        samples.add(counter("skep_meta_queries", queries, "answer", "remote", remote));
        samples.add(counter("skep_meta_queries", queries, "answer", "shared", shared));
        samples.add(counter("skep_meta_queries", queries, "answer", "failed", remoteFailures));
        samples.add(Sample.counter(
                "skep_meta_delayed", "Messages that waited because a mailbox was full.", Map.of(), delayed.get()));
        return samples;
    }

    private static Sample counter(String name, String help, String label, String value, AtomicLong count) {
        return Sample.counter(name, help, Map.of(label, value), count.get());
    }
}
