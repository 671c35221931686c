/**
 * KubeEdge's stream tunnel: logs and commands of a node, over a connection the node opened itself. Nothing here retries, and
 * nothing is buffered without bound.
 */
@Export
@Version("1.2.0")
package io.skep.transport.tunnel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
