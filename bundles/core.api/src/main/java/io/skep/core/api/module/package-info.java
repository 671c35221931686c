/**
 * What a module is and what it is given. A module is an OSGi service {@link io.skep.core.api.module.EdgeModule}; the bus
 * finds it, gives it one mailbox and one thread, and takes them back when the service goes.
 *
 * <p>Everything a module does (start, receive, timers, results of background work, stop) happens on its one thread, so its
 * fields need no lock. What it knows and must not lose when its bundle is replaced, it hands over in
 * {@link io.skep.core.api.module.Handover}.
 */
@Export
@Version("1.1.0")
package io.skep.core.api.module;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
