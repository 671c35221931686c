/**
 * Replacing modules while the process runs. Each replacement is one {@link io.skep.core.api.operation.SwapOperation} with
 * steps and an outcome that can be listed later, also by the next process.
 */
@Export
@Version("1.1.0")
package io.skep.core.api.operation;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
