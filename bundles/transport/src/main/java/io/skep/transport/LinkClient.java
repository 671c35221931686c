package io.skep.transport;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** Service: opens links. Thread-safe; no call blocks. */
@ProviderType
public interface LinkClient {

    /** The open link with this key, for example one a predecessor released; take it with {@link Link#attach}. */
    Optional<Link> find(String key);

    /**
     * Opens a link. An open link of the same key is closed first. Until {@link Link#attach} is called, what arrives waits
     * as after {@link Link#release}.
     *
     * @param key the user's name for it, for example {@code edgehub}
     * @return the link, or fails with an {@code EdgeException} whose message names the cause for an operator:
     *     {@code UNAUTHORIZED} when one end did not accept the other's certificate or host name, {@code FORBIDDEN} when the
     *     peer refused the request with a 4xx status, {@code SERVICE_UNAVAILABLE} when it could not be reached or is not
     *     ready, {@code TIMEOUT}, {@code INVALID} for a target that can't work
     */
    CompletionStage<Link> open(String key, LinkTarget target);
}
