package io.skep.metaserver.internal;

import io.skep.kube.api.Doc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists that clients fetch in pages, as kubectl does beyond 500 objects, until they are whole. Thread-safe. */
final class Pages {

    /** Most lists that are under way; the oldest are given up. */
    private static final int MOST = 4;

    /** How the next page is asked for. */
    private record Next(Selection selection, String token) {}

    /** What has come of one, and how many characters that is. */
    private record Begun(List<Map<String, Object>> items, int size) {}

    private final Map<Next, Begun> lists = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Next, Begun> eldest) {
            return size() > MOST;
        }
    };

    /**
     * Takes a page.
     *
     * @param token what it was asked for with, {@code ""} for the first
     * @return the whole list, if this is its last page and it is not larger than what is kept
     */
    synchronized Optional<Doc> add(Selection selection, String token, Doc page) {
        String next = page.text("metadata", "continue");
        if (token.isEmpty() && next.isEmpty()) {
            return Optional.of(page);
        }
        Begun former = token.isEmpty() ? new Begun(List.of(), 0) : lists.remove(new Next(selection, token));
        if (former == null) {
            return Optional.empty();
        }
        int size = former.size() + Json.write(page.asMap()).length();
        if (size > Answers.MOST_OF_ONE) {
            return Optional.empty();
        }
        List<Map<String, Object>> items = new ArrayList<>(former.items());
        page.objects("items").forEach(item -> items.add(item.asMap()));
        if (next.isEmpty()) {
            return Optional.of(page.with(items, "items"));
        }
        lists.put(new Next(selection, next), new Begun(items, size));
        return Optional.empty();
    }
}
