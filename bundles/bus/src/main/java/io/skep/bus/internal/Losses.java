package io.skep.bus.internal;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts messages that reached nobody, by what became of them. Thread-safe. */
final class Losses {

    /** The ways to get lost; the names are what operators see. */
    enum Loss {
        NO_MODULE("NoModule"),
        EMPTY_GROUP("EmptyGroup"),
        NO_WAITER("NoWaiter"),
        CLEANED_UP("CleanedUp"),
        NOT_SAVED("NotSaved"),
        MALFORMED("Malformed");

        private final String word;

        Loss(String word) {
            this.word = word;
        }
    }

    private final Map<Loss, LongAdder> counts = new EnumMap<>(Loss.class);

    Losses() {
        for (Loss loss : Loss.values()) {
            counts.put(loss, new LongAdder());
        }
    }

    void count(Loss loss, long messages) {
        counts.get(loss).add(messages);
    }

    /** Every class, also those at zero, so that a first loss shows as a step. */
    Map<String, Long> snapshot() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((loss, count) -> all.put(loss.word, count.sum()));
        return all;
    }
}
