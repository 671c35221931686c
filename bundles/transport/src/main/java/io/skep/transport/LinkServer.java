package io.skep.transport;

import org.osgi.annotation.versioning.ProviderType;

/** Service: takes links in. Thread-safe. */
@ProviderType
public interface LinkServer {

    /**
     * Listens, or takes over the listener of the same key, released by a predecessor or still held by one: if the settings
     * are equal, port and links live on and {@code acceptor} is given each of them; else they are closed first. Whoever held
     * it before has no more say over it.
     *
     * @param key the user's name for it, for example {@code cloudhub}
     * @throws io.skep.core.api.EdgeException {@code SERVICE_UNAVAILABLE} when the port can't be had
     */
    LinkPort listen(String key, ListenSettings settings, LinkAcceptor acceptor);
}
