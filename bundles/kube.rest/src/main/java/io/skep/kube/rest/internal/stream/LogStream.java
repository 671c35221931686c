package io.skep.kube.rest.internal.stream;

import io.skep.kube.api.Status;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import io.skep.kube.rest.internal.json.Json;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One log on its way to a client. One piece at a time waits here until the connection takes it; the next one comes only
 * then. The answer begins with the first byte, so that a failure before it is still answered as one.
 */
final class LogStream implements PodStreamListener, WriteListener, AsyncListener {

    private final boolean follow;

    private byte[] piece;
    private CompletableFuture<Void> taken;
    private Optional<Status> failure = Optional.empty();
    private boolean ended;
    private boolean answered;
    private boolean writable;
    private boolean flushNeeded;
    private boolean over;
    private PodStream stream;
    private AsyncContext context;
    private ServletOutputStream out;
    private Optional<ClientConnection> connection = Optional.empty();

    /** @param follow whether each piece is to be seen at once */
    LogStream(boolean follow) {
        this.follow = follow;
    }

    /** Ties the node's stream and the client's connection together; what came before has waited. */
    void attach(PodStream opened, AsyncContext request, Optional<ClientConnection> client) throws IOException {
        HttpServletResponse response = (HttpServletResponse) request.getResponse();
        response.setContentType("text/plain");
        response.setHeader("Cache-Control", "no-cache, private");
        response.setHeader("Connection", "close");
        // Without it Jetty ends an answer of unknown length by closing, and one that was cut would look whole.
        response.setHeader("Transfer-Encoding", "chunked");
        synchronized (this) {
            stream = opened;
            context = request;
            out = response.getOutputStream();
            connection = client;
        }
        request.addListener(this);
        out.setWriteListener(this);
        client.ifPresent(c -> c.watch(this::abort));
    }

    @Override
    public CompletionStage<Void> received(byte[] data) {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        synchronized (this) {
            piece = data;
            taken = stage;
        }
        drain();
        return stage;
    }

    @Override
    public void ended(Optional<Status> why) {
        boolean stuck;
        synchronized (this) {
            failure = why;
            ended = true;
            stuck = why.isPresent() && taken != null && context != null;
        }
        if (stuck) {
            // Cut because the client reads nothing: waiting for it to read would never end.
            finish();
        } else {
            drain();
        }
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            writable = true;
        }
        drain();
    }

    private void drain() {
        CompletableFuture<Void> done = null;
        boolean finish = false;
        boolean broken = false;
        try {
            synchronized (this) {
                if (over || out == null) {
                    return;
                }
                if (writeWhatIsPossible()) {
                    done = taken;
                    taken = null;
                    finish = ended && done == null;
                }
            }
        } catch (IOException | IllegalStateException e) {
            broken = true;
        }
        if (broken) {
            abort();
        } else if (done != null) {
            done.complete(null);
        } else if (finish) {
            finish();
        }
    }

    /** Whether all is written. */
    private boolean writeWhatIsPossible() throws IOException {
        while (writable) {
            if (piece != null) {
                byte[] next = piece;
                piece = null;
                out.write(next);
                flushNeeded = follow;
            } else if (ended && failure.isPresent() && !answered) {
                answered = true;
                if (!((HttpServletResponse) context.getResponse()).isCommitted()) {
                    answer(failure.get());
                    failure = Optional.empty();
                }
            } else if (flushNeeded) {
                flushNeeded = false;
                out.flush();
            } else {
                return true;
            }
            writable = out.isReady();
        }
        return false;
    }

    private void answer(Status status) throws IOException {
        HttpServletResponse response = (HttpServletResponse) context.getResponse();
        response.resetBuffer();
        response.setStatus(status.code());
        response.setContentType("application/json");
        out.write(Json.bytes(status.toObject().doc().asMap()));
    }

    /** All is said: the connection is given back, or cut when the log was. */
    private void finish() {
        if (end()) {
            failure.ifPresent(why -> connection.ifPresent(c -> c.abort(why.message())));
            release();
        }
    }

    /** The client is gone, or its connection is: the node is told. Harmless when repeated. */
    private void abort() {
        if (end()) {
            stream.close();
            release();
        }
    }

    /** Whether this call made it so. */
    private boolean end() {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            waiting = taken;
            taken = null;
        }
        if (waiting != null) {
            waiting.complete(null);
        }
        return true;
    }

    private void release() {
        connection.ifPresent(ClientConnection::release);
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // the container was faster: the connection is already given back
        }
    }

    @Override
    public void onError(Throwable failure) {
        abort();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        abort();
    }

    @Override
    public void onError(AsyncEvent event) {
        abort();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        abort();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // never started again
    }
}
