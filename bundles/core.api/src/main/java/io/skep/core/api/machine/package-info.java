/** What modules have to know of the machine they run on, and make on its disks, each in the same way. */
@Export
@Version("1.1.0")
package io.skep.core.api.machine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
