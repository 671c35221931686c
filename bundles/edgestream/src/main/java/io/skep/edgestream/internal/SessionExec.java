package io.skep.edgestream.internal;

import io.skep.core.api.module.ModuleContext;
import io.skep.edgestream.internal.ClientWire.Stream;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.Execution;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command in our hands, with a client that speaks kubelet's protocols to it. All methods run on the module's thread. */
final class SessionExec implements ClientWire.Client {

    private static final Logger LOG = LoggerFactory.getLogger(SessionExec.class);

    /** Kubelet's limit for a client to open its streams. */
    private static final Duration STREAMS_LIMIT = Duration.ofSeconds(30);

    private record Size(int columns, int rows) {}

    private final ModuleContext context;
    private final Threads threads;
    private final Execution.Session session;
    private final ExecRequest request;
    private final Outlet outlet;
    private final Runnable finished;
    private final ClientWire wire;
    private final InputQueue input;
    private CompletionStage<Void> room = CompletableFuture.completedFuture(null);
    private Optional<ModuleContext.Timer> timer = Optional.empty();
    private Optional<Size> wanted = Optional.empty();
    private boolean resizing;
    private int openStreams;
    private boolean begun;
    private Optional<ExitStatus> exit = Optional.empty();
    private volatile boolean over;

    /**
     * @param wires makes what speaks with the client
     * @param finished told when all is said
     */
    SessionExec(
            ModuleContext context,
            Threads threads,
            Execution.Session session,
            ExecRequest request,
            Outlet outlet,
            Function<ClientWire.Client, ClientWire> wires,
            Runnable finished) {
        this.context = context;
        this.threads = threads;
        this.session = session;
        this.request = request;
        this.outlet = outlet;
        this.finished = finished;
        this.wire = wires.apply(this);
        this.input = new InputQueue(context, session.stdin(), () -> {
            LOG.warn(
                    "a command takes none of its input, ended: command={}",
                    request.command().get(0));
            finish();
        });
    }

    void start() {
        timer = Optional.of(context.after(STREAMS_LIMIT, () -> {
            if (!begun) {
                LOG.debug("client opened no streams in time");
                finish();
            }
        }));
        wire.open();
        send();
    }

    CompletionStage<Void> received(byte[] bytes) {
        if (!over) {
            wire.received(bytes);
            if (!over) {
                send();
            }
        }
        return room;
    }

    private CompletionStage<Void> send() {
        return outlet.send(wire.toSend());
    }

    @Override
    public void ready() {
        begun = true;
        timer.ifPresent(ModuleContext.Timer::cancel);
        if (request.stdin()) {
            threads.run(input);
        }
        if (request.stdout()) {
            carry(Stream.STDOUT, session.stdout());
        }
        if (request.stderr()) {
            carry(Stream.STDERR, session.stderr());
        }
        session.exit()
                .whenComplete((code, failure) -> context.execute(() -> {
                    exit = Optional.of(failure == null ? ExitStatus.of(code) : ExitStatus.failed(text(failure)));
                    sayLast();
                }));
    }

    private static String text(Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return why instanceof ContainerException ? why.getMessage() : "error executing command in container: " + why;
    }

    private void carry(Stream stream, InputStream from) {
        openStreams++;
        Function<byte[], CompletionStage<Void>> to = piece -> {
            if (over) {
                return CompletableFuture.completedFuture(null);
            }
            wire.output(stream, piece);
            return send();
        };
        threads.run(new Pipe(context, from, to, () -> over, () -> {
            openStreams--;
            if (!over) {
                wire.outputEnded(stream);
                send();
                sayLast();
            }
        }));
    }

    /** The exit code comes after all output. */
    private void sayLast() {
        if (!over && openStreams == 0 && exit.isPresent()) {
            wire.exited(exit.get());
            send();
            finish();
        }
    }

    @Override
    public void input(byte[] bytes) {
        room = input.add(bytes);
    }

    @Override
    public void inputEnded() {
        input.end();
    }

    /** A client may say sizes faster than they can be set: then only the last one counts. */
    @Override
    public void resized(int columns, int rows) {
        wanted = Optional.of(new Size(columns, rows));
        if (!resizing) {
            resize();
        }
    }

    private void resize() {
        if (over || wanted.isEmpty()) {
            return;
        }
        Size size = wanted.get();
        wanted = Optional.empty();
        resizing = true;
        context.work(
                "resize",
                () -> {
                    session.resize(size.columns(), size.rows());
                    return null;
                },
                (done, failure) -> {
                    if (failure != null) {
                        LOG.debug("terminal not resized: reason={}", failure.getMessage());
                    }
                    resizing = false;
                    resize();
                });
    }

    @Override
    public void gone() {
        finish();
    }

    private void finish() {
        if (!over) {
            end();
            finished.run();
        }
    }

    /** Kills the command if it runs. */
    void end() {
        if (!over) {
            over = true;
            timer.ifPresent(ModuleContext.Timer::cancel);
            input.close();
            wire.close();
            // Killing waits for a process.
            threads.run(session::close);
        }
    }
}
