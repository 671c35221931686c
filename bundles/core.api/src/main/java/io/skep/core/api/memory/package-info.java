/**
 * The node's memory as others may read it: where MetaManager's rows lie in the document store, what is in one, and the
 * event that says which have changed. Only MetaManager writes them.
 */
@Export
@Version("1.0.0")
package io.skep.core.api.memory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
