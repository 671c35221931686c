package io.skep.runtime.cri.internal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.cri.internal.wire.Containerd;
import io.skep.runtime.cri.internal.wire.Cri;
import io.skep.runtime.cri.internal.wire.EventsGrpc;
import io.skep.runtime.cri.internal.wire.RuntimeServiceGrpc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's own word of what happens: CRI's events where they are served (containerd 1.7, CRI-O told to), else
 * containerd's own on the same socket, else nothing. Speaks to its hearer on Netty's thread; owned by the hearer's thread.
 */
final class EventSource {

    private static final Logger LOG = LoggerFactory.getLogger(EventSource.class);

    /** The namespace containerd keeps what CRI makes in. */
    private static final String NAMESPACE = "namespace==k8s.io,";

    private static final String EXIT = "/tasks/exit";
    private static final String DELETE = "/containers/delete";

    /** Hears a source; must not block. */
    interface Hearer {
        /** The engine says this happened; its own state already shows it. */
        void happened(String id, ContainerEvent.Type type);

        /** Something came to an end; the engine's state will show it soon. */
        void look(String id);

        /** There is nothing more to hear until {@link EventSource#open} is called again. */
        void broken(EventSource source, Throwable why);
    }

    private enum Kind {
        CRI,
        CONTAINERD,
        NONE
    }

    private final Engine engine;
    private final Hearer hearer;
    private Kind kind = Kind.CRI;

    /** Of the stream that is open, written on the owner's thread. */
    private volatile ClientCallStreamObserver<?> open;

    EventSource(Engine engine, Hearer hearer) {
        this.engine = engine;
        this.hearer = hearer;
    }

    /** Whether the engine serves events at all, as far as is known. */
    boolean serves() {
        return kind != Kind.NONE;
    }

    /** Begins to listen. */
    void open() {
        switch (kind) {
            case CRI ->
                RuntimeServiceGrpc.newStub(engine.channel())
                        .getContainerEvents(Cri.GetEventsRequest.getDefaultInstance(), new Stream<>() {
                            @Override
                            public void onNext(Cri.ContainerEventResponse event) {
                                hearer.happened(event.getContainerId(), type(event.getContainerEventType()));
                            }
                        });
            case CONTAINERD ->
                EventsGrpc.newStub(engine.channel())
                        .subscribe(
                                Containerd.SubscribeRequest.newBuilder()
                                        .addFilters(NAMESPACE + "topic==\"" + EXIT + '"')
                                        .addFilters(NAMESPACE + "topic==\"" + DELETE + '"')
                                        .build(),
                                new Stream<>() {
                                    @Override
                                    public void onNext(Containerd.Envelope event) {
                                        hear(event);
                                    }
                                });
            case NONE -> LOG.debug("engine serves no events: socket={}", engine.socket());
        }
    }

    /** After {@code broken}: an engine that does not know this kind of events is asked for the next kind. */
    void next(Throwable why) {
        if (Failures.unimplemented(why) && serves()) {
            kind = kind == Kind.CRI ? Kind.CONTAINERD : Kind.NONE;
            LOG.info("events of the engine: kind={}", kind == Kind.NONE ? "none, it is listed" : kind);
        }
    }

    /** Another engine may listen on the socket now: all kinds are tried again. */
    void reset() {
        kind = Kind.CRI;
    }

    void close() {
        ClientCallStreamObserver<?> stream = open;
        if (stream != null) {
            stream.cancel("closed", null);
        }
    }

    private void hear(Containerd.Envelope envelope) {
        try {
            if (envelope.getTopic().equals(EXIT)) {
                Containerd.TaskExit exit =
                        Containerd.TaskExit.parseFrom(envelope.getEvent().getValue());
                // A command that was run inside ends by an id of its own
                if (exit.getId().equals(exit.getContainerId())) {
                    hearer.look(exit.getContainerId());
                }
            } else {
                hearer.look(
                        Containerd.ContainerEvent.parseFrom(envelope.getEvent().getValue())
                                .getId());
            }
        } catch (InvalidProtocolBufferException e) {
            LOG.debug("event of containerd not understood: topic={} reason={}", envelope.getTopic(), e.getMessage());
        }
    }

    private static ContainerEvent.Type type(Cri.ContainerEventType type) {
        return switch (type) {
            case CONTAINER_CREATED_EVENT -> ContainerEvent.Type.CREATED;
            case CONTAINER_STARTED_EVENT -> ContainerEvent.Type.STARTED;
            case CONTAINER_STOPPED_EVENT, UNRECOGNIZED -> ContainerEvent.Type.STOPPED;
            case CONTAINER_DELETED_EVENT -> ContainerEvent.Type.DELETED;
        };
    }

    /** What all kinds have in common. */
    private abstract class Stream<Q, A> implements ClientResponseObserver<Q, A> {

        @Override
        public void beforeStart(ClientCallStreamObserver<Q> stream) {
            open = stream;
        }

        @Override
        public void onError(Throwable why) {
            hearer.broken(EventSource.this, why);
        }

        @Override
        public void onCompleted() {
            // An orderly end is how CRI-O says that it is not to serve them.
            hearer.broken(
                    EventSource.this,
                    Status.UNIMPLEMENTED
                            .withDescription("the engine closed its events")
                            .asRuntimeException());
        }
    }
}
