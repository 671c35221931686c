package io.skep.transport;

import org.osgi.annotation.versioning.ProviderType;

/** Service: takes links in. Thread-safe. */
@ProviderType
public interface LinkServer {

    /**
     * Listens, or takes over the listener of the same key that a predecessor released: if the settings are equal, port and
     * links live on and {@code acceptor} is given each of them; else they are closed first.
     *
     * @param key the user's name for it, for example {@code cloudhub}
     * @throws io.skep.core.api.EdgeException {@code SERVICE_UNAVAILABLE} when the port can't be had, {@code CONFLICT} when
     *     the key is in use
     */
    LinkPort listen(String key, ListenSettings settings, LinkAcceptor acceptor);
}
