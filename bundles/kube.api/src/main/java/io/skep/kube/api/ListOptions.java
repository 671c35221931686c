package io.skep.kube.api;

import java.util.Objects;

/**
 * What a list or watch is narrowed to.
 *
 * @param labels by label
 * @param fields by field
 * @param resourceVersion the moment asked for, or {@code ""}
 * @param limit most items a page, 0 for all
 * @param continueToken of the page before, or {@code ""}
 * @param bookmarks whether a watch is to send bookmarks
 */
public record ListOptions(
        Selector labels, Selector fields, String resourceVersion, int limit, String continueToken, boolean bookmarks) {

    /** Everything, as of now. */
    public static final ListOptions ALL = new ListOptions(Selector.ALL, Selector.ALL, "", 0, "", false);

    public ListOptions {
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(fields, "fields");
        Objects.requireNonNull(resourceVersion, "resourceVersion");
        Objects.requireNonNull(continueToken, "continueToken");
    }

    /** Everything from this moment on. */
    public ListOptions since(String version) {
        return new ListOptions(labels, fields, version, limit, continueToken, bookmarks);
    }

    /** Only what matches these fields, for example {@code spec.nodeName=edge-1}. */
    public ListOptions withFields(Selector selector) {
        return new ListOptions(labels, selector, resourceVersion, limit, continueToken, bookmarks);
    }

    /** Only what has these labels. */
    public ListOptions withLabels(Selector selector) {
        return new ListOptions(selector, fields, resourceVersion, limit, continueToken, bookmarks);
    }
}
