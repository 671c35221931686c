package io.skep.edgehub.internal;

import io.skep.core.api.observe.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts of the outbox, written by the module's thread and read by any. */
final class OutboxFigures {

    /** Why a message left without the cloud having it. */
    enum Loss {
        /** The class was full: the oldest went. */
        QUOTA,
        /** The cloud did not want it. */
        REFUSED,
        /** It is worth something only at once, and there was no link. */
        OFFLINE,
        /** It is larger than a link carries. */
        TOO_LARGE
    }

    private final Map<OutboxClass, AtomicLong> kept = new EnumMap<>(OutboxClass.class);
    private final Map<OutboxClass, Map<Loss, AtomicLong>> losses = new EnumMap<>(OutboxClass.class);
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong coalesced = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();

    OutboxFigures() {
        for (OutboxClass kind : OutboxClass.values()) {
            kept.put(kind, new AtomicLong());
            Map<Loss, AtomicLong> byReason = new EnumMap<>(Loss.class);
            for (Loss loss : Loss.values()) {
                byReason.put(loss, new AtomicLong());
            }
            losses.put(kind, byReason);
        }
    }

    void kept(OutboxClass kind, int change) {
        kept.get(kind).addAndGet(change);
    }

    long kept(OutboxClass kind) {
        return kept.get(kind).get();
    }

    void lost(OutboxClass kind, Loss why) {
        losses.get(kind).get(why).incrementAndGet();
    }

    long losses(OutboxClass kind, Loss why) {
        return losses.get(kind).get(why).get();
    }

    void delivered() {
        delivered.incrementAndGet();
    }

    void coalesced() {
        coalesced.incrementAndGet();
    }

    void repeated() {
        repeated.incrementAndGet();
    }

    /** Entries by class, for the shell. */
    Map<String, Long> byClass() {
        Map<String, Long> counts = new LinkedHashMap<>();
        kept.forEach((kind, count) -> {
            if (kind != OutboxClass.PASSING) {
                counts.put(kind.word(), count.get());
            }
        });
        return counts;
    }

    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        byClass()
                .forEach((kind, count) -> samples.add(Sample.gauge(
                        "skep_outbox_entries",
                        "Messages kept until the cloud has them.",
                        Map.of("class", kind),
                        count)));
        losses.forEach((kind, byReason) -> byReason.forEach((loss, count) -> samples.add(Sample.counter(
                "skep_outbox_lost",
                "Messages to the cloud that were given up.",
                Map.of("class", kind.word(), "reason", loss.name().toLowerCase(java.util.Locale.ROOT)),
                count.get()))));
        samples.add(Sample.counter(
                "skep_outbox_delivered", "Kept messages the cloud has taken.", Map.of(), delivered.get()));
        samples.add(Sample.counter(
                "skep_outbox_coalesced", "Kept states a newer one replaced.", Map.of(), coalesced.get()));
        samples.add(Sample.counter("skep_outbox_repeated", "Kept messages sent again.", Map.of(), repeated.get()));
        return samples;
    }
}
