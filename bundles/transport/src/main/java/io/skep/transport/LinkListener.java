package io.skep.transport;

import io.skep.core.api.message.Message;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** Takes what arrives on one link. Called on a transport thread, one call at a time; it must not wait. */
@ConsumerType
public interface LinkListener {

    /**
     * One message has arrived.
     *
     * @return completes when the message is dealt with; the next one comes only then. This is the back-pressure: while it
     *     is open little is read from the peer. A failed stage or an exception closes the link.
     */
    CompletionStage<Void> received(Message message);

    /**
     * The link is closed; nothing more comes. Called once.
     *
     * @param reason a sentence for an operator
     */
    void closed(String reason);
}
