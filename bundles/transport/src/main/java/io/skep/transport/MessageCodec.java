package io.skep.transport;

import io.skep.core.api.message.Message;
import io.skep.transport.internal.Envelope;

/**
 * KubeEdge's JSON envelope. Stateless.
 *
 * <p>Source: KubeEdge v1.22, {@code staging/src/github.com/kubeedge/beehive/pkg/core/model/message.go} and
 * {@code pkg/viaduct/pkg/lane/wsnopack.go}.
 */
public final class MessageCodec {

    private MessageCodec() {}

    /**
     * One message as it stands on the wire: keys that are empty are left out where Go leaves them out, the content is
     * copied as it is, a {@code Failure} becomes its text, and a newline ends it.
     */
    public static String encode(Message message) {
        return Envelope.write(message);
    }

    /**
     * Reads one message as leniently as Go does: unknown keys are skipped, keys match in any case, what is missing is
     * empty. The content's text is kept to the letter.
     *
     * @throws io.skep.core.api.EdgeException {@code BAD_REQUEST} for what is not such an envelope, {@code TOO_LARGE} beyond
     *     {@link Link#MAX_MESSAGE_BYTES}
     */
    public static Message decode(String text) {
        return Envelope.read(text);
    }
}
