package io.skep.transport.internal;

import java.util.function.Consumer;

/**
 * What a protocol gives a link: whole texts out, and one text in for each demand. What it hears it tells
 * {@link LiveLink#alive}, {@link LiveLink#arrived} and {@link LiveLink#lost}.
 */
interface Wire {

    /** Begins to write one text; never called again before {@code done}, which gets {@code null} or the failure. */
    void write(String text, Consumer<Throwable> done);

    /** Asks for one more text. */
    void demand();

    /** Asks the peer for a sign of life. */
    void probe();

    /** Says goodbye and closes, at the latest some seconds later. */
    void close(boolean peersFault, String reason);

    /** Closes at once. */
    void abort();
}
