package io.skep.cloudhub.internal;

import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.Identity;

/**
 * Who the hub is.
 *
 * @param authority signs nodes' certificates and join tokens
 * @param server what nodes are shown
 */
record Credentials(CertificateAuthority authority, Identity server) {}
