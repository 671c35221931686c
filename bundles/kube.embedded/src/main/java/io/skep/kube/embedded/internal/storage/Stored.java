package io.skep.kube.embedded.internal.storage;

import io.skep.kube.api.ObjectKey;

/**
 * One state of one object, as text: a tree of maps takes five times the memory. Identity is equality, so that a state can
 * be a cache's key.
 */
public final class Stored {

    private final ObjectKey key;
    private final long version;
    private final long revision;
    private final String text;

    /**
     * @param version its resource version
     * @param revision of the document that holds it
     * @param text JSON, with the resource version in it
     */
    Stored(ObjectKey key, long version, long revision, String text) {
        this.key = key;
        this.version = version;
        this.revision = revision;
        this.text = text;
    }

    public ObjectKey key() {
        return key;
    }

    public long version() {
        return version;
    }

    long revision() {
        return revision;
    }

    String text() {
        return text;
    }
}
