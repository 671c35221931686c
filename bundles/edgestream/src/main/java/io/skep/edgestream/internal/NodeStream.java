package io.skep.edgestream.internal;

import java.util.concurrent.CompletionStage;

/** One stream the cloud asked for. All methods are called on the module's thread. */
interface NodeStream {

    /** Begins; what it sends comes later. */
    void start();

    /** Bytes from the cloud; the tunnel is not read on before the stage completes. */
    CompletionStage<Void> received(byte[] data);

    /** The cloud or the tunnel ended it: nothing more is sent, and nothing of it stays behind. Harmless when it ended. */
    void end();
}
