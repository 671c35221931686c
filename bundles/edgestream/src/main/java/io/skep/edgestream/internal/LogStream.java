package io.skep.edgestream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.module.ModuleContext;
import io.skep.edgestream.internal.Containers.Found;
import io.skep.edgestream.internal.Containers.Lives;
import io.skep.edgestream.internal.Containers.Name;
import io.skep.edgestream.internal.Containers.NotHere;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus.State;
import io.skep.runtime.api.PodRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers one request for a container's log. It has no thread: each piece is read by a worker, and the next one is read when
 * the cloud has the last. Following ends when the container has ended, as kubelet's does.
 */
final class LogStream implements NodeStream {

    private static final Logger LOG = LoggerFactory.getLogger(LogStream.class);

    private static final int PIECE_BYTES = 16 << 10;

    /** How soon a line that was written is seen by whoever follows. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final ModuleContext context;
    private final Containers containers;
    private final Name name;
    private final String query;
    private final Outlet outlet;
    private final String key;
    private final Runnable gone;

    private final AtomicReference<Held> held = new AtomicReference<>(Held.NOTHING);
    private Optional<ModuleContext.Timer> timer = Optional.empty();
    private volatile boolean ended;
    private volatile boolean containerEnded;

    /** What a worker opened and must be closed again, whoever does it. */
    private record Held(Optional<LogReader> reader, Optional<PodRuntime.Subscription> events) {

        static final Held NOTHING = new Held(Optional.empty(), Optional.empty());
    }

    /** What is read: of which runtime, and whether on and on. */
    private record Source(LogReader reader, PodRuntime runtime, boolean follow) {}

    /**
     * @param query the request's raw query
     * @param number tells this stream's work from others'
     * @param gone told, once, when it has ended by itself
     */
    LogStream(
            ModuleContext context,
            Containers containers,
            Name name,
            String query,
            Outlet outlet,
            long number,
            Runnable gone) {
        this.context = context;
        this.containers = containers;
        this.name = name;
        this.query = query;
        this.outlet = outlet;
        this.key = "log-" + number;
        this.gone = gone;
    }

    @Override
    public void start() {
        context.work(key, this::open, (source, failure) -> {
            if (failure != null) {
                sendLast(text(failure));
            } else if (!ended) {
                readOn(source);
            }
        });
    }

    private Source open() throws ContainerException, NotHere {
        LogOptions options = LogOptions.parse(query, context.clock().instant());
        Found found = choose(containers.find(name), options);
        if (found.status().state() == State.CREATED) {
            throw new NotHere("container \"" + name.container() + "\" in pod \"" + name.pod()
                    + "\" is waiting to start: ContainerCreating");
        }
        LogReader reader = new LogReader(found.status().logPath(), options);
        held.set(new Held(Optional.of(reader), options.follow() ? Optional.of(watch(found)) : Optional.empty()));
        if (ended) {
            release();
        }
        return new Source(reader, found.runtime(), options.follow());
    }

    private Found choose(Lives lives, LogOptions options) throws NotHere {
        if (!options.previous()) {
            return lives.present();
        }
        return lives.previous()
                .orElseThrow(() -> new NotHere("previous terminated container \"" + name.container() + "\" in pod \""
                        + name.pod() + "\" not found"));
    }

    private PodRuntime.Subscription watch(Found found) throws ContainerException {
        String id = found.status().id();
        PodRuntime.Subscription subscription = found.runtime().subscribe(event -> {
            boolean end = event.type() == ContainerEvent.Type.STOPPED || event.type() == ContainerEvent.Type.DELETED;
            if (end && event.containerId().equals(id)) {
                containerEnded = true;
            }
        });
        try {
            // Asked after subscribing, so that an end falls into no gap.
            containerEnded |= found.runtime()
                    .containerStatus(id)
                    .filter(status -> status.state() == State.RUNNING)
                    .isEmpty();
            return subscription;
        } catch (ContainerException e) {
            subscription.close();
            throw e;
        }
    }

    private void readOn(Source source) {
        // What was written before the end was noticed is read after it.
        boolean last = !source.follow() || containerEnded || !containers.has(source.runtime());
        context.work(key, () -> source.reader().read(PIECE_BYTES), (piece, failure) -> {
            if (ended) {
                return;
            }
            if (failure != null) {
                sendLast(text(failure));
            } else if (piece.length > 0) {
                send(piece, source);
            } else if (last || source.reader().full()) {
                sendLast("");
            } else {
                timer = Optional.of(context.after(LOOK_AGAIN, () -> readOn(source)));
            }
        });
    }

    private void send(byte[] piece, Source source) {
        outlet.send(piece)
                .whenComplete((sent, failure) -> context.execute(() -> {
                    if (failure != null) {
                        LOG.debug(
                                "log not sent: pod={}/{} reason={}",
                                name.namespace(),
                                name.pod(),
                                failure.getMessage());
                        finish();
                    } else if (!ended) {
                        readOn(source);
                    }
                }));
    }

    private String text(Exception failure) {
        if (failure instanceof NotHere || failure instanceof EdgeException) {
            return failure.getMessage();
        }
        LOG.debug("log not read: pod={}/{} reason={}", name.namespace(), name.pod(), failure.toString());
        String why = failure instanceof IOException ? "failed to read its log: " + failure : failure.getMessage();
        return "container \"" + name.container() + "\" in pod \"" + name.pod() + "\" is not available: " + why;
    }

    /** KubeEdge's wire carries no status: a failure's text is the answer. */
    private void sendLast(String text) {
        if (!ended) {
            outlet.send(text.getBytes(StandardCharsets.UTF_8));
            outlet.remove();
            finish();
        }
    }

    private void finish() {
        if (!ended) {
            end();
            gone.run();
        }
    }

    @Override
    public CompletionStage<Void> received(byte[] data) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void end() {
        ended = true;
        timer.ifPresent(ModuleContext.Timer::cancel);
        release();
    }

    private void release() {
        Held last = held.getAndSet(Held.NOTHING);
        last.events().ifPresent(PodRuntime.Subscription::close);
        if (last.reader().isPresent()) {
            try {
                last.reader().get().close();
            } catch (IOException e) {
                LOG.debug("log not closed: pod={}/{} reason={}", name.namespace(), name.pod(), e.getMessage());
            }
        }
    }
}
