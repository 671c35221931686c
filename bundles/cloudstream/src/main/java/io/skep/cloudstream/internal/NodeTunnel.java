package io.skep.cloudstream.internal;

import io.skep.cloudstream.internal.CloudStreamSettings.Limits;
import io.skep.cloudstream.internal.StreamCounters.Event;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import io.skep.kube.api.stream.KubeletRequest;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import io.skep.transport.tunnel.StreamRequest;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import io.skep.transport.tunnel.TunnelListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's tunnel and its streams. Any thread.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/cloudstream/session.go}.
 */
final class NodeTunnel implements TunnelListener {

    private static final Logger LOG = LoggerFactory.getLogger(NodeTunnel.class);
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    /** Where EdgeCore's kubelet listens; our node takes the path alone. */
    private static final String KUBELET = "127.0.0.1:10350";

    /** Where the tunnel meets its surroundings. */
    interface Surroundings {

        /** A stream holds the tunnel back; {@code cut} ends that, and is to be run when it has lasted too long. */
        void held(Runnable cut);

        /** The tunnel is closed. */
        void gone(NodeTunnel tunnel, String reason);
    }

    private final String node;
    private final Tunnel tunnel;
    private final Limits limits;
    private final StreamCounters counters;
    private final Surroundings surroundings;
    private final Map<Long, TunnelStream> streams = new ConcurrentHashMap<>();
    private Optional<String> lost = Optional.empty();
    private int open;

    NodeTunnel(String node, Tunnel tunnel, Limits limits, StreamCounters counters, Surroundings surroundings) {
        this.node = node;
        this.tunnel = tunnel;
        this.limits = limits;
        this.counters = counters;
        this.surroundings = surroundings;
    }

    String node() {
        return node;
    }

    Tunnel tunnel() {
        return tunnel;
    }

    /** Begins a stream; {@code id} is used by no other. */
    PodStream open(long id, Type type, KubeletRequest request, PodStreamListener listener) {
        reserve();
        TunnelStream stream = new TunnelStream(listener, new StreamWay(id), limits.bufferBytes());
        streams.put(id, stream);
        counters.count(Event.OPENED);
        // KubeEdge's log request has no method.
        String method = type == Type.LOGS ? "" : request.method();
        StreamRequest asked =
                new StreamRequest(id, KUBELET, request.path(), request.query(), request.headers(), method);
        tunnel.send(new TunnelFrame(id, type, asked.encode())).whenComplete((done, trouble) -> {
            if (trouble != null) {
                end(id, Optional.of(broken(trouble.getMessage())));
            }
        });
        // One that was lost between the two lines above has not found this stream.
        lost().ifPresent(reason -> end(id, Optional.of(broken(reason))));
        return stream;
    }

    synchronized boolean hasStreams() {
        return open > 0;
    }

    private synchronized Optional<String> lost() {
        return lost;
    }

    private synchronized void reserve() {
        if (lost.isPresent()) {
            throw refuse(broken(lost.get()));
        }
        if (open >= limits.streamsOfNode()) {
            throw refuse(tooMany("on node \"" + node + "\"", limits.streamsOfNode(), "node.streams"));
        }
        if (!counters.begin(limits.streams())) {
            throw refuse(tooMany("in all", limits.streams(), "stream.limit"));
        }
        open++;
    }

    private KubeException refuse(Status why) {
        counters.count(Event.REFUSED);
        return new KubeException(why);
    }

    private static Status tooMany(String where, int most, String key) {
        return Status.of(
                Status.TOO_MANY_REQUESTS,
                429,
                "too many logs and commands are open " + where + ": at most " + most + " (io.skep.cloudstream:" + key
                        + ")");
    }

    private Status broken(String reason) {
        return Status.of(
                Status.SERVICE_UNAVAILABLE, 503, "the stream tunnel of node \"" + node + "\" was lost: " + reason);
    }

    @Override
    public CompletionStage<Void> received(TunnelFrame frame) {
        switch (frame.type()) {
            case DATA -> {
                TunnelStream stream = streams.get(frame.id());
                if (stream != null) {
                    return stream.arrived(frame.data());
                }
                // What was under way when the caller left.
                counters.count(Event.STRAY);
            }
            case REMOVE -> end(frame.id(), Optional.empty());
            case CLOSE -> tunnel.close("the node closed it: " + frame.text());
            case LOGS, EXEC, METRICS, ATTACH -> {
                counters.count(Event.STRAY);
                LOG.debug("frame that only the cloud sends: node={} type={}", node, frame.type());
            }
        }
        return DONE;
    }

    private void end(long id, Optional<Status> failure) {
        TunnelStream stream = streams.remove(id);
        if (stream != null) {
            failure.ifPresent(why -> counters.count(Event.BROKEN));
            stream.finish(failure);
        }
    }

    @Override
    public void closed(String reason) {
        abandon(reason);
        surroundings.gone(this, reason);
    }

    /** Ends all streams with a failure, and takes no more. */
    void abandon(String reason) {
        synchronized (this) {
            if (lost.isPresent()) {
                return;
            }
            lost = Optional.of(reason);
        }
        List.copyOf(streams.keySet()).forEach(id -> end(id, Optional.of(broken(reason))));
    }

    /** One stream's part of the tunnel. */
    private final class StreamWay implements TunnelStream.Way {

        private final long id;

        StreamWay(long id) {
            this.id = id;
        }

        @Override
        public CompletionStage<Void> send(byte[] data) {
            return streams.containsKey(id)
                    ? tunnel.send(TunnelFrame.data(id, data))
                    : CompletableFuture.failedFuture(new KubeException(
                            Status.of(Status.SERVICE_UNAVAILABLE, 503, "the stream to node \"" + node + "\" is over")));
        }

        @Override
        public void held(Runnable cut) {
            surroundings.held(cut);
        }

        @Override
        public void stalled() {
            counters.count(Event.STALLED);
            LOG.warn("stream cut, its caller held the node back: node={} stream={}", node, id);
        }

        @Override
        public void over(boolean tell) {
            streams.remove(id);
            synchronized (NodeTunnel.this) {
                open--;
            }
            counters.end();
            if (tell) {
                tunnel.send(TunnelFrame.remove(id)).whenComplete(this::unsaid);
            }
        }

        /** A node that is not told goes on sending: only closing the tunnel ends that. */
        private void unsaid(Void done, Throwable trouble) {
            if (trouble != null && lost().isEmpty()) {
                tunnel.close("the end of a stream could not be sent");
            }
        }
    }
}
