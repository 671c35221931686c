package io.skep.transport;

import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** A listening port and the links it took in. Thread-safe. */
@ProviderType
public interface LinkPort {

    /** The port really listened on. */
    int port();

    /** Its open links. */
    List<Link> links();

    /**
     * Leaves port and links open for a successor, each link as by {@link Link#release}; new peers are told to come back
     * (status 503) meanwhile.
     *
     * @param grace after this time without a successor everything is closed
     */
    void release(Duration grace);

    /** Closes the port and its links; harmless when closed. Takes up to 5 s. */
    void close(String reason);
}
