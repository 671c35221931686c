/**
 * The small HTTPS door beside the links, on which nodes enrol: whole requests in, whole answers out, bounded. A GET may have
 * a body, as KubeEdge's enrolment has. Anything bigger belongs on the OSGi HTTP Whiteboard instead.
 */
@Export
@Version("1.1.0")
package io.skep.transport.http;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
