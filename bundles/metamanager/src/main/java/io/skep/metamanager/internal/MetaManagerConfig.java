package io.skep.metamanager.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.metamanager.cfg}. Defaults equal KubeEdge's where it has the same knob. */
@ObjectClassDefinition(name = "Skep MetaManager", description = "The node's memory of its resources.")
@interface MetaManagerConfig {

    String PID = "io.skep.metamanager";

    @AttributeDefinition(
            name = "Remote query timeout [s]",
            description = "How long the cloud may take to answer a question.",
            min = "1")
    int remote_query_timeout_seconds() default 60;

    @AttributeDefinition(
            name = "Forward retry [ms]",
            description = "Pause before a message that a full mailbox refused is offered again.",
            min = "1")
    int forward_retry_milliseconds() default 100;
}
