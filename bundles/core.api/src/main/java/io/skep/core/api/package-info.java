/**
 * What every contract shares: the one exception. The contracts themselves are the packages below this one; bundles
 * bind to each of them on its own.
 */
@Export
@Version("1.0.0")
package io.skep.core.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
