package io.skep.kube.api.stream;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** One open stream. Thread-safe. */
@ProviderType
public interface PodStream extends AutoCloseable {

    /**
     * Sends bytes, handed over, after those sent before. The stage completes when more may be sent, and fails when the stream
     * is broken. A sender awaits each stage.
     */
    CompletionStage<Void> send(byte[] data);

    /** Ends the stream on the node too; no call reaches the listener afterwards but one that is under way. Repeatable. */
    @Override
    void close();
}
