package io.skep.edgehub.internal;

import io.skep.core.api.message.Message;
import java.util.concurrent.CompletionStage;

/** Sends one message; the stage ends when it was written. */
@FunctionalInterface
interface Uplink {
    CompletionStage<Void> send(Message message);
}
