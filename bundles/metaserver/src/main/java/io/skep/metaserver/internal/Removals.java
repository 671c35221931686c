package io.skep.metaserver.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/** The last rows that went, and when, so that a list that was under way does not bring them back. Not thread-safe. */
final class Removals {

    /** Enough for the time a list is under way. */
    private static final int REMEMBERED = 2_000;

    private final Map<String, Long> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };
    private long moment;

    /** Grows with each. */
    long moment() {
        return moment;
    }

    void add(String rowKey) {
        last.remove(rowKey);
        last.put(rowKey, ++moment);
    }

    boolean has(String rowKey) {
        return last.containsKey(rowKey);
    }

    /** Whether it went after this moment. */
    boolean isLater(String rowKey, long than) {
        return last.getOrDefault(rowKey, 0L) > than;
    }
}
