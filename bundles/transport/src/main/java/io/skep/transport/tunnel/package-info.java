/**
 * The frames of KubeEdge's stream tunnel, which carries logs and commands to a node over a connection the node opened
 * itself.
 */
@Export
@Version("1.0.0")
package io.skep.transport.tunnel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
