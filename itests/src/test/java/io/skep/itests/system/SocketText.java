package io.skep.itests.system;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What comes on a WebSocket in binary messages, as one text. */
public final class SocketText implements WebSocket.Listener {

    private final StringBuffer text = new StringBuffer();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    /** What came until now. */
    public String text() {
        return text.toString();
    }

    /** The code with which the server closed. */
    public int closed() {
        return closed.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        text.append(StandardCharsets.ISO_8859_1.decode(data));
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        closed.completeExceptionally(error);
    }
}
