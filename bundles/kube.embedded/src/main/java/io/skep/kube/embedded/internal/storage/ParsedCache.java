package io.skep.kube.embedded.internal.storage;

import io.skep.kube.api.KubeObject;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The states that were read last, parsed. Bounded by the length of their texts. Thread-safe. */
public final class ParsedCache {

    private final long maxChars;
    private final Map<Stored, KubeObject> parsed = new LinkedHashMap<>(256, 0.75f, true);
    private long chars;

    public ParsedCache(long maxChars) {
        this.maxChars = maxChars;
    }

    /** The object of a state. */
    public KubeObject parse(Stored stored) {
        synchronized (parsed) {
            KubeObject known = parsed.get(stored);
            if (known != null) {
                return known;
            }
        }
        KubeObject object = KubeObject.of(Json.readObject(stored.text()));
        synchronized (parsed) {
            if (parsed.put(stored, object) == null) {
                chars += stored.text().length();
            }
            shrink();
        }
        return object;
    }

    private void shrink() {
        Iterator<Stored> oldest = parsed.keySet().iterator();
        while (chars > maxChars && oldest.hasNext()) {
            chars -= oldest.next().text().length();
            oldest.remove();
        }
    }
}
