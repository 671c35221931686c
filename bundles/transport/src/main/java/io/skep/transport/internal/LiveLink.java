package io.skep.transport.internal;

import io.skep.core.api.message.Message;
import io.skep.transport.Link;
import io.skep.transport.LinkCounters;
import io.skep.transport.LinkListener;
import io.skep.transport.LinkPeer;
import io.skep.transport.MessageCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A {@link Link} over any {@link Wire}. {@link #tick}, called each second, holds its limits of time. */
final class LiveLink implements Link {

    /** EdgeCore's {@code writeDeadline}. */
    static final Duration WRITE_DEADLINE = Duration.ofSeconds(15);

    /** How long a link waits for its first user. */
    static final Duration FIRST_GRACE = Duration.ofSeconds(30);

    private static final long NEVER = Long.MAX_VALUE;

    private final Identification who;
    private final Wire wire;
    private final Silence silence;
    private final Consumer<LiveLink> gone;
    private final Sending sending;
    private final Receiving receiving;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long aloneUntil;
    private volatile Duration grace = FIRST_GRACE;

    /** What names a link. */
    record Identification(long number, String key, LinkPeer peer, Instant opened) {}

    /**
     * @param probing whether the peer is asked for a sign of life when it is silent
     * @param gone called once, when the link is closed
     */
    LiveLink(Identification who, Wire wire, Executor executor, boolean probing, Consumer<LiveLink> gone) {
        this.who = who;
        this.wire = wire;
        this.gone = gone;
        this.silence = new Silence(probing);
        this.sending = new Sending(wire);
        this.receiving = new Receiving(executor, wire::demand, reason -> close(false, reason));
        this.aloneUntil = System.nanoTime() + FIRST_GRACE.toNanos();
    }

    /** Begins to read. */
    void begin() {
        receiving.begin();
    }

    /** One message came in. */
    void arrived(Message message, int bytes) {
        receiving.arrived(message, bytes);
    }

    /** The peer gave a sign of life. */
    void alive() {
        silence.heard();
    }

    /** The wire is gone, by the peer or by a failure. */
    void lost(String reason) {
        if (closed.compareAndSet(false, true)) {
            sending.close(reason);
            gone.accept(this);
            receiving.close(reason, false);
        }
    }

    /** The peer broke the protocol. */
    void reject(String reason) {
        close(true, reason);
    }

    @Override
    public void close(String reason) {
        close(false, reason);
    }

    private void close(boolean peersFault, String reason) {
        if (closed.compareAndSet(false, true)) {
            sending.close(reason);
            gone.accept(this);
            wire.close(peersFault, reason);
            receiving.close(reason, true);
        }
    }

    /** Holds the limits of time; {@code now} as of {@code System.nanoTime()}. */
    void tick(long now) {
        if (sending.stalled(now, WRITE_DEADLINE.toNanos())) {
            giveUp("a write took longer than " + WRITE_DEADLINE.toSeconds() + " s");
        } else if (aloneUntil != NEVER && now - aloneUntil > 0 && !receiving.attached()) {
            close("nobody took the link over within " + grace.toSeconds() + " s");
        } else if (receiving.reading()) {
            switch (silence.judge(now)) {
                case WAIT -> {}
                case PROBE -> wire.probe();
                case DEAD -> giveUp("the peer is silent for " + Silence.DEAD_AFTER.toSeconds() + " s");
            }
        } else {
            silence.heard();
        }
    }

    private void giveUp(String reason) {
        wire.abort();
        lost(reason);
    }

    @Override
    public CompletionStage<Void> send(Message message) {
        try {
            boolean sync = message.header().sync();
            return sending.offer(MessageCodec.encode(
                    sync ? message.withHeader(message.header().withSync(false)) : message));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void attach(LinkListener listener) {
        aloneUntil = NEVER;
        receiving.attach(listener);
    }

    /**
     * As {@link #attach}, for a user who may be leaving on another thread: once {@code wanted} does not hold any more, the
     * link stays as whoever came later left it.
     */
    void attachIf(BooleanSupplier wanted, LinkListener listener) {
        if (receiving.attachIf(wanted, listener)) {
            aloneUntil = NEVER;
            if (!wanted.getAsBoolean()) {
                aloneUntil = System.nanoTime() + grace.toNanos();
            }
        }
    }

    @Override
    public void release(Duration value) {
        grace = value;
        aloneUntil = System.nanoTime() + value.toNanos();
        receiving.release();
    }

    @Override
    public long number() {
        return who.number();
    }

    @Override
    public String key() {
        return who.key();
    }

    @Override
    public LinkPeer peer() {
        return who.peer();
    }

    @Override
    public Instant opened() {
        return who.opened();
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public LinkCounters counters() {
        return new LinkCounters(
                sending.messages(),
                receiving.messages(),
                sending.bytes(),
                receiving.bytes(),
                sending.queued(),
                receiving.waiting());
    }
}
