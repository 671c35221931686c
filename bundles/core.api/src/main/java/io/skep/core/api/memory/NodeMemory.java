package io.skep.core.api.memory;

/**
 * Names of the node's memory. A row is a document of {@link #COLLECTION} whose key is the wire resource it came as, for example
 * {@code default/pod/web-0}, and whose body is a JSON object:
 *
 * <ul>
 *   <li>{@link #TYPE}, {@code source}: type segment of the key, and the module that sent it;
 *   <li>{@link #API_VERSION}, {@link #KIND}, {@code uid}, {@code resourceVersion}: what the content says of itself, {@code ""}
 *       where it says nothing;
 *   <li>{@link #VALUE}: the content. For a patch of the node's ({@code podpatch}, {@code nodepatch}) a string that holds the
 *       strategic merge patch.
 * </ul>
 *
 * <p>To follow the memory: handle {@link #CHANGED} first, read the rows then, and read those again that an event names. An
 * event comes after the commit and carries no content, so a row may have changed once more by the time it is read; it comes
 * on Event Admin's thread, in the order of commits.
 */
public final class NodeMemory {

    /** Collection of the rows. */
    public static final String COLLECTION = "meta";

    /** Event Admin topic: rows were written or deleted, or another object with the same key was. */
    public static final String CHANGED = "io/skep/meta/CHANGED";

    /** Property of {@link #CHANGED}: the keys, a {@code String[]}. */
    public static final String KEYS = "keys";

    public static final String TYPE = "type";
    public static final String API_VERSION = "apiVersion";
    public static final String KIND = "kind";
    public static final String VALUE = "value";

    private NodeMemory() {}
}
