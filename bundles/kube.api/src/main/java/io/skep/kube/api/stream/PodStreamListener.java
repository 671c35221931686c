package io.skep.kube.api.stream;

import io.skep.kube.api.Status;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears one stream, one call at a time, on any thread, also before the call that opens it returned; must not wait. */
@ConsumerType
public interface PodStreamListener {

    /** Bytes came, handed over. The next ones come when the stage completes; when it fails, the stream is closed. */
    CompletionStage<Void> received(byte[] data);

    /** The stream is over, after all its bytes; the last call. {@code failure} says why it was cut short, empty when it ended. */
    void ended(Optional<Status> failure);
}
