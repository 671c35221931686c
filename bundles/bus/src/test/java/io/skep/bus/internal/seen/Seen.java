package io.skep.bus.internal.seen;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What modules of test bundles tell the test; the one class both sides of the framework's border share. */
public final class Seen {

    /** Resources of the messages treated, in order. */
    public static final List<String> MESSAGES = new CopyOnWriteArrayList<>();

    /** One entry for each start: version of the bundle and the handover given. */
    public static final List<String> STARTS = new CopyOnWriteArrayList<>();

    private Seen() {}

    /** Forgets everything. */
    public static void clear() {
        MESSAGES.clear();
        STARTS.clear();
    }
}
