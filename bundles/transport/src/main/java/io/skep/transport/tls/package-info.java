/**
 * Keys, certificates and tokens as KubeEdge makes them, and what a TLS end needs of them. Nothing here reads files,
 * starts threads or logs; errors are {@code EdgeException}s of reason {@code INVALID} unless told otherwise.
 *
 * <p>Source: KubeEdge v1.22, {@code pkg/security/certs}, {@code pkg/security/token},
 * {@code cloud/pkg/cloudhub/servers/httpserver}.
 */
@Export
@Version("1.1.0")
package io.skep.transport.tls;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
