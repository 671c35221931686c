/**
 * What modules say to one another: immutable messages, routed by module name or group.
 *
 * <p>The shape follows the KubeEdge beehive message (header, route, content), so a message read here can be sent to a
 * KubeEdge peer unchanged. Content stays JSON text from the socket to the store: fields nobody here knows survive.
 * Nothing in this package starts a thread, reads a file or logs.
 */
@Export
@Version("1.1.0")
package io.skep.core.api.message;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
