package io.skep.kube.rest.internal.stream;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * How a WebSocket that only the server speaks on carries bytes.
 *
 * <p>Source: Kubernetes 1.31 {@code apimachinery/pkg/util/httpstream/wsstream/stream.go}.
 */
enum SocketProtocol {
    /** What is spoken with a client that names none. */
    UNNAMED(""),
    BINARY("binary.k8s.io"),
    BASE64("base64.binary.k8s.io");

    private final String word;

    SocketProtocol(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    /** The first of those offered that is known. */
    static SocketProtocol choose(HttpServletRequest request) {
        List<String> offered = ExecOptions.protocols(request);
        if (offered.isEmpty()) {
            return UNNAMED;
        }
        return offered.stream()
                .flatMap(word -> Stream.of(BINARY, BASE64).filter(known -> known.word.equals(word)))
                .findFirst()
                .orElseThrow(() -> new KubeException(Status.of(
                        Status.FORBIDDEN,
                        403,
                        "none of the WebSocket subprotocols " + offered + " is spoken here; known are [" + BINARY.word
                                + " " + BASE64.word + "]")));
    }

    /** One message. */
    Frame message(byte[] bytes) {
        return this == BASE64
                ? new Frame(OpCode.TEXT, ByteBuffer.wrap(Base64.getEncoder().encode(bytes)))
                : new Frame(OpCode.BINARY, ByteBuffer.wrap(bytes));
    }
}
