/**
 * Links between a node and the cloud, what KubeEdge calls viaduct: framed messages over one long connection, both ends.
 *
 * <p>A node opens a {@link io.skep.transport.Link} through {@link io.skep.transport.LinkClient}; the cloud takes them in
 * through {@link io.skep.transport.LinkServer}. Links belong to this bundle and not to the module that uses them: a module
 * that is being replaced releases its links, what arrives meanwhile waits in a bounded buffer, and the successor takes
 * them over under the same key. Nothing here retries: when to dial again is the user's policy.
 *
 * <p>Threads: a bounded pool named {@code edge-link}, shared by all links of the process. Callbacks run there, one at a time
 * per link; they must not wait. Nothing is buffered without bound: a link whose user is slow is not read, a link whose peer
 * is slow refuses further sendings.
 */
@Export
@Version("1.0.0")
package io.skep.transport;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
