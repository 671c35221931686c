/**
 * Durable JSON documents: the port that the node's memory, its outbox, spilled mailboxes and the embedded Kubernetes API
 * stand on. A completed write is on disk. The in-memory fake and the contract test are in this bundle's test jar.
 */
@Export
@Version("1.1.0")
package io.skep.core.api.store;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
