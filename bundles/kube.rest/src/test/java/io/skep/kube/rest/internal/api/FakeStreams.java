package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import io.skep.kube.api.stream.KubeletRequest;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import io.skep.kube.api.stream.PodStreams;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A way to nodes that leads to the test. */
final class FakeStreams implements PodStreams {

    /** One stream, with the test as its node. */
    static final class Opened implements PodStream {

        final String node;
        final KubeletRequest request;
        final PodStreamListener listener;
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        Opened(String node, KubeletRequest request, PodStreamListener listener) {
            this.node = node;
            this.request = request;
            this.listener = listener;
        }

        /** The node sends; returns when the client's side has taken it. */
        void say(String text) throws Exception {
            say(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void say(byte[] bytes) throws Exception {
            listener.received(bytes).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }

        void end() {
            listener.ended(Optional.empty());
        }

        void fail(String message) {
            listener.ended(Optional.of(Status.of(Status.SERVICE_UNAVAILABLE, 503, message)));
        }

        void awaitClosed() throws Exception {
            closed.get(20, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<Void> send(byte[] data) {
            synchronized (received) {
                received.writeBytes(data);
                received.notifyAll();
            }
            return CompletableFuture.completedFuture(null);
        }

        /** What the client sent, once there are this many bytes. */
        String heard(int bytes) throws InterruptedException {
            synchronized (received) {
                for (int i = 0; i < 200 && received.size() < bytes; i++) {
                    received.wait(100);
                }
                return received.toString(StandardCharsets.ISO_8859_1);
            }
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }

    private final BlockingQueue<Opened> opened = new LinkedBlockingQueue<>();
    volatile Optional<Status> refusal = Optional.empty();

    Opened next() throws InterruptedException {
        return opened.poll(20, TimeUnit.SECONDS);
    }

    boolean isQuiet() {
        return opened.isEmpty();
    }

    private PodStream open(String node, KubeletRequest request, PodStreamListener listener) {
        refusal.ifPresent(why -> {
            throw new KubeException(why);
        });
        Opened stream = new Opened(node, request, listener);
        opened.add(stream);
        return stream;
    }

    @Override
    public PodStream logs(String node, KubeletRequest request, PodStreamListener listener) {
        return open(node, request, listener);
    }

    @Override
    public PodStream exec(String node, KubeletRequest request, PodStreamListener listener) {
        return open(node, request, listener);
    }
}
