package io.skep.edgestream.internal;

import io.skep.core.api.module.ModuleContext;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command the engine serves itself: the request goes to its door, and then bytes both ways, as kubelet does.
 *
 * <p>A call that is given up closes its connection, and with it what the command reads: a command that reads its input ends.
 * Any other runs on, a shell on a terminal too, as under kubelet: seen of containerd 1.6, which keeps the terminal open and
 * reads on what the command says. CRI has no call to end a command.
 */
final class EngineExec {

    private static final Logger LOG = LoggerFactory.getLogger(EngineExec.class);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final ModuleContext context;
    private final Threads threads;
    private final URI door;
    private final byte[] request;
    private final Outlet outlet;
    private final Runnable finished;
    private final Socket socket = new Socket();
    private final CompletableFuture<InputQueue> input = new CompletableFuture<>();
    private volatile boolean over;

    /**
     * @param request to be written first
     * @param finished told on the module's thread when the engine has closed
     */
    EngineExec(ModuleContext context, Threads threads, URI door, byte[] request, Outlet outlet, Runnable finished) {
        this.context = context;
        this.threads = threads;
        this.door = door;
        this.request = request;
        this.outlet = outlet;
        this.finished = finished;
    }

    void start() {
        threads.run(() -> {
            try {
                int port = door.getPort() < 0 ? 80 : door.getPort();
                socket.connect(new InetSocketAddress(door.getHost(), port), (int) CONNECT_LIMIT.toMillis());
                socket.setTcpNoDelay(true);
                socket.getOutputStream().write(request);
                InputQueue queue = new InputQueue(context, socket.getOutputStream(), this::finish);
                context.execute(() -> opened(queue));
                new Pipe(context, socket.getInputStream(), outlet::send, () -> over, this::finish).run();
            } catch (IOException e) {
                LOG.debug(
                        "engine's door is closed: door={}:{} reason={}", door.getHost(), door.getPort(), e.toString());
                context.execute(() -> {
                    if (!over) {
                        outlet.send(Http.refusal(502, "the container engine does not answer: " + e.getMessage()));
                    }
                    finish();
                });
            }
        });
    }

    private void opened(InputQueue queue) {
        if (over) {
            queue.close();
        } else {
            threads.run(queue);
        }
        input.complete(queue);
    }

    CompletionStage<Void> received(byte[] bytes) {
        return input.thenCompose(queue -> queue.add(bytes));
    }

    private void finish() {
        if (!over) {
            end();
            finished.run();
        }
    }

    void end() {
        over = true;
        // What came before the door was open still waits, and the node's whole tunnel with it.
        input.complete(new InputQueue(context, OutputStream.nullOutputStream(), () -> {}));
        input.join().close();
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("line to the engine not closed: reason={}", e.getMessage());
        }
    }
}
