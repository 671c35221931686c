/**
 * What a bundle shows of itself to operators: samples for {@code /metrics} and checks for {@code /readyz}. Both are
 * services, found by whiteboard; no metrics library shows in a signature.
 */
@Export
@Version("1.0.0")
package io.skep.core.api.observe;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
