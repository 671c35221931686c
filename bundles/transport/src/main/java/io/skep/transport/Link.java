package io.skep.transport;

import io.skep.core.api.message.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** One connection that carries messages both ways, in order. Thread-safe; no call blocks. */
@ProviderType
public interface Link {

    /** Largest message in either direction, in bytes of its JSON text. */
    int MAX_MESSAGE_BYTES = 32 << 20;

    /** Unique in this process and never used again: tells a late callback that it is late. */
    long number();

    /** Name under which it was opened; for a link a {@link LinkServer} took in, the key of its listener. */
    String key();

    /** Who is at the other end. */
    LinkPeer peer();

    /** When it was opened. */
    Instant opened();

    /** Whether messages can still go through. */
    boolean isOpen();

    /**
     * Sends one message; messages go out in the order of the calls. {@code header.sync} is cleared on the way, as viaduct
     * does.
     *
     * @return completes when the message was written to the socket (which is not yet an answer of the peer); fails with
     *     {@code TOO_LARGE} for a message beyond {@link #MAX_MESSAGE_BYTES}, {@code TOO_MANY_REQUESTS} when the outgoing
     *     queue is full, {@code SERVICE_UNAVAILABLE} when the link is or gets closed before. A write that takes longer than
     *     15 s closes the link.
     */
    CompletionStage<Void> send(Message message);

    /**
     * Hands what arrives to {@code listener} from now on, first what waited. A listener that was there before hears nothing
     * more. If the link is already closed, {@link LinkListener#closed} is called soon.
     */
    void attach(LinkListener listener);

    /**
     * Leaves the link open for a successor: what arrives waits, up to a bound, then the socket is no longer read. A message
     * whose handling has not completed is delivered again to the successor. Sending goes on working.
     *
     * @param grace after this time without a successor the link is closed
     */
    void release(Duration grace);

    /** Closes it; harmless when closed. What is queued to be sent is lost. The listener hears {@link LinkListener#closed}. */
    void close(String reason);

    /** Its figures now. */
    LinkCounters counters();
}
