package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WatchEvent;
import io.skep.kube.rest.internal.json.Json;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One watch on one connection. Events come on the store's threads and wait here, bounded, until the connection takes
 * them; nobody blocks. A reader that lets more than {@value #PENDING_LIMIT} bytes pile up is cut off and has to start anew.
 */
final class WatchStream implements ResourceStore.Watcher, WriteListener, AsyncListener {

    static final int PENDING_LIMIT = 16 * 1024 * 1024;

    /** JSON readers skip it, and a connection whose other end is gone fails on it. */
    private static final byte[] HEARTBEAT = {' '};

    private final Function<KubeObject, Object> encoder;
    private final Consumer<WatchStream> onEnd;

    private final Deque<byte[]> pending = new ArrayDeque<>();
    private long pendingBytes;
    private boolean writable;
    private boolean flushNeeded = true;
    private boolean closing;
    private boolean ended;
    private ResourceStore.Watch watch;
    private AsyncContext context;
    private ServletOutputStream out;

    WatchStream(Function<KubeObject, Object> encoder, Consumer<WatchStream> onEnd) {
        this.encoder = encoder;
        this.onEnd = onEnd;
    }

    /** Ties the store's watch and the connection together; events that came before have waited. */
    void attach(ResourceStore.Watch started, AsyncContext connection, ServletOutputStream stream) {
        boolean late;
        synchronized (this) {
            watch = started;
            context = connection;
            out = stream;
            late = ended;
        }
        if (late) {
            release();
        } else {
            connection.addListener(this);
            stream.setWriteListener(this);
        }
    }

    @Override
    public void event(WatchEvent event) {
        offer(line(event.type().name(), encode(event)));
    }

    private Object encode(WatchEvent event) {
        return event.type() == WatchEvent.Type.BOOKMARK ? Wire.tree(event.object()) : encoder.apply(event.object());
    }

    @Override
    public void closed(Status why) {
        synchronized (this) {
            if (!closing && !ended) {
                pending.add(line("ERROR", Wire.tree(why.toObject())));
                closing = true;
            }
        }
        drain();
    }

    /** Notices, by writing, a connection that is gone. */
    void heartbeat() {
        synchronized (this) {
            if (!pending.isEmpty() || closing || ended) {
                return;
            }
            pending.add(HEARTBEAT);
        }
        drain();
    }

    private void offer(byte[] line) {
        boolean overrun;
        synchronized (this) {
            if (closing || ended) {
                return;
            }
            pending.add(line);
            pendingBytes += line.length;
            overrun = pendingBytes > PENDING_LIMIT;
        }
        if (overrun) {
            end();
        } else {
            drain();
        }
    }

    private void drain() {
        boolean done;
        try {
            synchronized (this) {
                done = !ended && writeWhatIsPossible();
            }
        } catch (IOException | IllegalStateException e) {
            done = true;
        }
        if (done) {
            end();
        }
    }

    /** Whether everything is written and nothing more will come. */
    private boolean writeWhatIsPossible() throws IOException {
        while (writable) {
            if (!pending.isEmpty()) {
                byte[] next = pending.poll();
                pendingBytes -= Math.min(pendingBytes, next.length);
                out.write(next);
                flushNeeded = true;
            } else if (flushNeeded) {
                flushNeeded = false;
                out.flush();
            } else {
                return closing;
            }
            writable = out.isReady();
        }
        return false;
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            writable = true;
        }
        drain();
    }

    /** Ends the watch and gives the connection back; harmless when repeated. */
    void end() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            pending.clear();
            if (context == null) {
                return;
            }
        }
        release();
    }

    private void release() {
        watch.close();
        onEnd.accept(this);
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // the container was faster: the connection is already given back
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // never started again
    }

    private static byte[] line(String type, Object object) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", type);
        event.put("object", object);
        return (Json.text(event) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
