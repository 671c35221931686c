/**
 * The bus: KubeEdge's beehive contract (ModuleContext and MessageContext) carried by OSGi Event Admin.
 *
 * <p>A module's messages wait in a mailbox that belongs to the bus and outlives the module's bundle. Whoever only has the
 * OSGi API takes part through the topics in {@link io.skep.core.api.bus.BusTopics}. The bus never blocks a sender for ever
 * and grows no queue for ever; what it can't deliver it refuses or counts, by class, in
 * {@link io.skep.core.api.bus.BusStatus}.
 */
@Export
@Version("1.0.0")
package io.skep.core.api.bus;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
