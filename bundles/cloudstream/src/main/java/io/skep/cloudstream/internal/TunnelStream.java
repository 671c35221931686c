package io.skep.cloudstream.internal;

import io.skep.kube.api.Status;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of a tunnel. What the node sends waits here, bounded, for a caller who reads slowly; beyond that the stage
 * returned to the tunnel stays open, and the tunnel reads nothing. Any thread; nothing is called under the lock.
 */
final class TunnelStream implements PodStream {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelStream.class);
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    /** Far below what KubeEdge cuts off. */
    private static final int LARGEST_PIECE = 64 << 10;

    /** The tunnel, as its stream sees it. */
    interface Way {

        /** Sends bytes of this stream. */
        CompletionStage<Void> send(byte[] data);

        /** The room is used up, and the tunnel waits: {@code cut} ends this, if it still lasts, and is to be run after a while. */
        void held(Runnable cut);

        /** The stream is being cut. */
        void stalled();

        /** The stream is over; called once. {@code tell} when the node does not know yet. */
        void over(boolean tell);
    }

    private final PodStreamListener listener;
    private final Way way;
    private final int bufferBytes;

    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private CompletableFuture<Void> room;
    private boolean delivering;
    private boolean finished;
    private boolean closed;
    private Optional<Status> failure = Optional.empty();

    TunnelStream(PodStreamListener listener, Way way, int bufferBytes) {
        this.listener = listener;
        this.way = way;
        this.bufferBytes = bufferBytes;
    }

    /** The node sent bytes; the stage completes when there is room for more. */
    CompletionStage<Void> arrived(byte[] data) {
        CompletableFuture<Void> hold = null;
        synchronized (this) {
            if (closed || finished) {
                return DONE;
            }
            waiting.add(data);
            waitingBytes += data.length;
            if (waitingBytes > bufferBytes) {
                hold = new CompletableFuture<>();
                room = hold;
            }
        }
        deliver();
        if (hold == null || hold.isDone()) {
            return DONE;
        }
        CompletableFuture<Void> lasting = hold;
        way.held(() -> {
            if (!lasting.isDone()) {
                cut();
            }
        });
        return hold;
    }

    /** Nothing more comes from the node. */
    void finish(Optional<Status> why) {
        synchronized (this) {
            if (closed || finished) {
                return;
            }
            finished = true;
            failure = why;
        }
        deliver();
    }

    /** Gives up what still waits, for the sake of the others in the tunnel. */
    private void cut() {
        if (end(true)) {
            way.stalled();
            listener.ended(Optional.of(Status.of(
                    Status.TIMEOUT,
                    504,
                    "the stream was cut: its reader took nothing while others waited for the node")));
        }
    }

    /** Hands over what waits, one after the other, until the listener wants time. */
    private void deliver() {
        while (true) {
            byte[] next;
            synchronized (this) {
                if (delivering || closed) {
                    return;
                }
                next = waiting.poll();
                if (next == null && !finished) {
                    return;
                }
                delivering = true;
            }
            if (next == null) {
                if (end(false)) {
                    listener.ended(failure);
                }
                return;
            }
            CompletableFuture<Void> taken = hand(next);
            int length = next.length;
            if (!taken.isDone()) {
                taken.whenComplete((done, trouble) -> {
                    taken(length, trouble != null);
                    deliver();
                });
                return;
            }
            taken(length, taken.isCompletedExceptionally());
        }
    }

    private CompletableFuture<Void> hand(byte[] data) {
        try {
            return listener.received(data).toCompletableFuture();
        } catch (RuntimeException e) {
            LOG.error("stream's listener failed", e);
            return CompletableFuture.failedFuture(e);
        }
    }

    private void taken(int length, boolean broken) {
        CompletableFuture<Void> release = null;
        synchronized (this) {
            delivering = false;
            waitingBytes -= Math.min(waitingBytes, length);
            if (room != null && waitingBytes <= bufferBytes) {
                release = room;
                room = null;
            }
        }
        if (release != null) {
            release.complete(null);
        }
        if (broken) {
            close();
        }
    }

    @Override
    public CompletionStage<Void> send(byte[] data) {
        CompletionStage<Void> last = DONE;
        for (int from = 0; from < data.length; from += LARGEST_PIECE) {
            last = way.send(Arrays.copyOfRange(data, from, Math.min(data.length, from + LARGEST_PIECE)));
        }
        return last;
    }

    @Override
    public void close() {
        end(true);
    }

    /** Whether this call ended it. */
    private boolean end(boolean byUs) {
        CompletableFuture<Void> release;
        boolean tell;
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            tell = byUs && !finished;
            waiting.clear();
            release = room;
            room = null;
        }
        if (release != null) {
            release.complete(null);
        }
        way.over(tell);
        return true;
    }
}
