package io.skep.bus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.bus.operations.cfg}. */
@ObjectClassDefinition(name = "Skep module operations", description = "What may be put in the place of a module.")
@interface OperationsConfig {

    String PID = "io.skep.bus.operations";

    @AttributeDefinition(
            name = "Trusted signers",
            description = "PEM file, by its absolute path, with the certificates that a module's signature must be made"
                    + " with or chain to; empty: no signature is asked for.")
    String trust_certificates() default "";

    @AttributeDefinition(
            name = "From the cloud",
            description = "Whether the cloud may have modules of this node replaced.")
    boolean remote_enabled() default true;
}
