package io.skep.transport.http;

import org.osgi.annotation.versioning.ProviderType;

/** A port being served. */
@ProviderType
public interface HttpPort extends AutoCloseable {

    /** The port really listened on. */
    int port();

    /** Stops serving; harmless when stopped. Takes up to 5 s. */
    @Override
    void close();
}
