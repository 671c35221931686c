/** The machine's own programs, for runtimes and for who prepares what their pods use: found and run in the same way. */
@Export
@Version("1.0.0")
package io.skep.runtime.api.machine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
