package io.skep.edgestream.internal;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.skep.core.api.EdgeException;
import io.skep.core.api.module.ModuleContext;
import io.skep.edgestream.internal.Containers.Found;
import io.skep.edgestream.internal.Containers.Name;
import io.skep.edgestream.internal.Containers.NotHere;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus.State;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.Execution;
import io.skep.transport.tunnel.StreamRequest;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers one request to run a command, as kubelet's HTTP server does: all that goes through the tunnel are the bytes of the
 * upgraded connection, our answer to the upgrade first.
 */
final class ExecStream implements NodeStream {

    private static final Logger LOG = LoggerFactory.getLogger(ExecStream.class);

    private final ModuleContext context;
    private final Containers containers;
    private final Threads threads;
    private final Name name;
    private final StreamRequest asked;
    private final Outlet outlet;
    private final String key;
    private final Runnable gone;

    private final CompletableFuture<Function<byte[], CompletionStage<Void>>> receiver = new CompletableFuture<>();
    private final AtomicReference<Execution.Session> begun = new AtomicReference<>();
    private Runnable ending = () -> {};
    private volatile boolean ended;

    ExecStream(
            ModuleContext context,
            Containers containers,
            Threads threads,
            Name name,
            StreamRequest asked,
            Outlet outlet,
            long number,
            Runnable gone) {
        this.context = context;
        this.containers = containers;
        this.threads = threads;
        this.name = name;
        this.asked = asked;
        this.outlet = outlet;
        this.key = "exec-" + number;
        this.gone = gone;
    }

    @Override
    public void start() {
        ExecRequest request;
        try {
            request = ExecQuery.parse(asked.query());
        } catch (EdgeException e) {
            refuse(400, e.getMessage());
            return;
        }
        context.work(key, () -> begin(request), (execution, failure) -> {
            if (failure != null) {
                boolean absent = failure instanceof NotHere
                        || failure instanceof ContainerException e && e.code() == ContainerException.Code.NOT_FOUND;
                refuse(absent ? 404 : 500, failure.getMessage());
            } else if (!ended) {
                serve(request, execution);
            }
        });
    }

    private Execution begin(ExecRequest request) throws ContainerException, NotHere {
        Found found = containers.find(name).present();
        if (found.status().state() != State.RUNNING) {
            throw new NotHere("container not found (\"" + name.container() + "\")");
        }
        Execution execution = found.runtime().exec(found.status().id(), request);
        if (execution instanceof Execution.Session session) {
            begun.set(session);
            if (ended) {
                closeBegun();
            }
        }
        return execution;
    }

    private void serve(ExecRequest request, Execution execution) {
        if (execution instanceof Execution.Served served) {
            URI door = served.url();
            String query = door.getRawQuery() == null ? "" : "?" + door.getRawQuery();
            FullHttpRequest passed = Http.request(asked, door.getAuthority(), door.getRawPath() + query);
            EngineExec engine = new EngineExec(context, threads, door, Http.encode(passed), outlet, this::finish);
            use(engine::received, engine::end, engine::start);
            return;
        }
        FullHttpRequest upgrade = Http.request(asked, asked.host(), asked.path());
        String wanted = upgrade.headers().get(HttpHeaderNames.UPGRADE, "");
        if (!SpdyWire.wanted(wanted) && !WebSocketWire.wanted(wanted)) {
            refuse(400, "Upgrade request required");
            return;
        }
        Optional<Function<ClientWire.Client, ClientWire>> wire = wire(wanted, upgrade, request);
        if (wire.isEmpty()) {
            refuse(403, "unable to upgrade: none of the client's protocols is supported here");
            return;
        }
        SessionExec exec =
                new SessionExec(context, threads, begun.getAndSet(null), request, outlet, wire.get(), this::finish);
        use(exec::received, exec::end, exec::start);
    }

    private static Optional<Function<ClientWire.Client, ClientWire>> wire(
            String wanted, FullHttpRequest upgrade, ExecRequest request) {
        if (SpdyWire.wanted(wanted)) {
            return SpdyWire.protocol(Http.values(upgrade, "X-Stream-Protocol-Version"))
                    .map(protocol -> client -> new SpdyWire(protocol, request, client));
        }
        return WebSocketWire.protocol(Http.values(upgrade, "Sec-WebSocket-Protocol"))
                .map(protocol -> client -> new WebSocketWire(upgrade, protocol, request, client));
    }

    private void use(Function<byte[], CompletionStage<Void>> receive, Runnable end, Runnable start) {
        ending = end;
        receiver.complete(receive);
        try {
            start.run();
        } catch (RuntimeException e) {
            LOG.debug("command not served: pod={}/{} reason={}", name.namespace(), name.pod(), e.toString());
            refuse(400, "unable to upgrade: " + e.getMessage());
        }
    }

    private void refuse(int status, String text) {
        if (!ended) {
            LOG.debug("command refused: pod={}/{} status={} reason={}", name.namespace(), name.pod(), status, text);
            outlet.send(Http.refusal(status, text));
            finish();
        }
    }

    private void finish() {
        if (!ended) {
            outlet.remove();
            end();
            gone.run();
        }
    }

    /** What comes before the engine's door is open waits, and the tunnel with it. */
    @Override
    public CompletionStage<Void> received(byte[] data) {
        return receiver.thenCompose(receive -> {
            try {
                return receive.apply(data);
            } catch (RuntimeException e) {
                LOG.debug("client not understood: pod={}/{} reason={}", name.namespace(), name.pod(), e.toString());
                finish();
                return CompletableFuture.completedFuture(null);
            }
        });
    }

    @Override
    public void end() {
        ended = true;
        ending.run();
        closeBegun();
        receiver.complete(any -> CompletableFuture.completedFuture(null));
    }

    private void closeBegun() {
        Optional.ofNullable(begun.getAndSet(null)).ifPresent(Execution.Session::close);
    }
}
