package io.skep.kube.embedded.internal.storage;

import io.skep.kube.api.KubeObject;
import java.util.Map;

/**
 * An object ready to be stored but for its resource version, which only the journal knows. Splitting the text around
 * that one value keeps the work under the journal's lock to a concatenation.
 */
public final class Draft {

    private static final String FIELD = "\"resourceVersion\":\"";
    private static final String SLOT = FIELD + "\"";

    private final String head;
    private final String tail;

    private Draft(String head, String tail) {
        this.head = head;
        this.tail = tail;
    }

    /** Drafts {@code object}; its metadata must come first of all objects that have a resource version field. */
    public static Draft of(KubeObject object) {
        Map<String, Object> tree =
                object.with("", "metadata", "resourceVersion").doc().asMap();
        String text = Json.write(tree);
        int slot = text.indexOf(SLOT) + SLOT.length() - 1;
        return new Draft(text.substring(0, slot), text.substring(slot));
    }

    /** The version in a text that {@link #at} made, without parsing all of it. */
    static long versionOf(String text) {
        int start = text.indexOf(FIELD) + FIELD.length();
        return Long.parseLong(text.substring(start, text.indexOf('"', start)));
    }

    String at(long version) {
        return head + version + tail;
    }

    /** Length of the text, in characters. */
    public int length() {
        return head.length() + tail.length();
    }
}
