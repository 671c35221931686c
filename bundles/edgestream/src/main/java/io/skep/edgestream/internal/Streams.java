package io.skep.edgestream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.module.ModuleContext;
import io.skep.edgestream.internal.Containers.Name;
import io.skep.transport.tunnel.StreamRequest;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams of one tunnel. All methods but {@link #open} are called on the module's thread. */
final class Streams {

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    /** As EdgeCore cuts a log. */
    private static final int LOG_FRAME_BYTES = 256;

    private static final int RAW_FRAME_BYTES = 16 << 10;

    private final ModuleContext context;
    private final Containers containers;
    private final Threads threads;
    private final int most;
    private final Figures figures;
    private final Tunnel tunnel;
    private final Map<Long, NodeStream> streams = new HashMap<>();
    private int told;

    Streams(ModuleContext context, Containers containers, Threads threads, int most, Figures figures, Tunnel tunnel) {
        this.context = context;
        this.containers = containers;
        this.threads = threads;
        this.most = most;
        this.figures = figures;
        this.tunnel = tunnel;
    }

    /** Takes one frame; the tunnel is not read on before the stage completes. */
    CompletionStage<Void> received(TunnelFrame frame) {
        switch (frame.type()) {
            case LOGS, EXEC, METRICS -> begin(frame);
            case ATTACH -> refuse(frame, 501, "attach is not supported on this node");
            case DATA -> {
                NodeStream stream = streams.get(frame.id());
                if (stream != null) {
                    return stream.received(frame.data());
                }
                // Under way when the stream ended.
                figures.strayFrame();
            }
            case REMOVE -> Optional.ofNullable(streams.remove(frame.id())).ifPresent(stream -> removed(frame, stream));
            case CLOSE -> {
                LOG.info("the cloud closes the tunnel: reason={}", frame.text());
                tunnel.close("as told");
            }
            default -> throw new IllegalStateException("no such frame: " + frame.type());
        }
        tell();
        return CompletableFuture.completedFuture(null);
    }

    /** KubeEdge's cloud says so of a command again and again, as fast as it can, until it is answered. */
    private void removed(TunnelFrame frame, NodeStream stream) {
        stream.end();
        tunnel.send(frame);
    }

    /** The tunnel is gone, and with it all that was in it. */
    void end() {
        streams.values().forEach(NodeStream::end);
        streams.clear();
        tell();
    }

    private void begin(TunnelFrame frame) {
        long id = frame.id();
        Outlet outlet = new Outlet(tunnel, id, LOG_FRAME_BYTES);
        Optional.ofNullable(streams.remove(id)).ifPresent(NodeStream::end);
        if (streams.size() >= most) {
            refuse(frame, 429, "too many streams on this node: streams.max is " + most);
            return;
        }
        try {
            NodeStream stream = stream(frame.type(), StreamRequest.decode(frame.data()), outlet, id);
            streams.put(id, stream);
            figures.began();
            stream.start();
        } catch (EdgeException e) {
            refuse(frame, e.reason().code(), e.getMessage());
        }
    }

    private NodeStream stream(TunnelFrame.Type type, StreamRequest request, Outlet outlet, long id) {
        List<String> path = List.of(request.path().split("/"));
        LOG.debug("asked: stream={} type={} path={}", id, type, request.path());
        if (type == TunnelFrame.Type.LOGS && path.size() == 5 && path.get(1).equals("containerLogs")) {
            Name name = new Name(path.get(2), path.get(3), "", path.get(4));
            return new LogStream(context, containers, name, request.query(), outlet, figures.number(), () -> ended(id));
        }
        if (type == TunnelFrame.Type.EXEC
                && (path.size() == 5 || path.size() == 6)
                && path.get(1).equals("exec")) {
            String uid = path.size() == 6 ? path.get(4) : "";
            Name name = new Name(path.get(2), path.get(3), uid, path.get(path.size() - 1));
            Outlet raw = new Outlet(tunnel, id, RAW_FRAME_BYTES);
            return new ExecStream(context, containers, threads, name, request, raw, figures.number(), () -> ended(id));
        }
        throw new EdgeException(EdgeException.Reason.NOT_FOUND, "404 page not found");
    }

    private void ended(long id) {
        streams.remove(id);
        tell();
    }

    private void tell() {
        figures.opened(streams.size() - told);
        told = streams.size();
    }

    /**
     * A log and figures come without a status. Who asks for an upgrade gets our bytes as they are, and through KubeEdge's cloud
     * waits for ever unless they are an answer.
     */
    private void refuse(TunnelFrame frame, int status, String why) {
        LOG.debug("refused: stream={} type={} reason={}", frame.id(), frame.type(), why);
        figures.refused();
        boolean upgrade = frame.type() == TunnelFrame.Type.EXEC || frame.type() == TunnelFrame.Type.ATTACH;
        Outlet outlet = new Outlet(tunnel, frame.id(), LOG_FRAME_BYTES);
        outlet.send(upgrade ? Http.refusal(status, why) : why.getBytes(StandardCharsets.UTF_8));
        outlet.remove();
    }
}
