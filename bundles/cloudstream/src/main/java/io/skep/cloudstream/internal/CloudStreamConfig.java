package io.skep.cloudstream.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.cloudstream.cfg}. */
@ObjectClassDefinition(name = "Skep CloudStream", description = "Nodes' tunnels for logs and commands.")
@interface CloudStreamConfig {

    String PID = "io.skep.cloudstream";

    @AttributeDefinition(name = "Tunnel address", description = "Address nodes open tunnels to; 0.0.0.0 for all.")
    String tunnel_address() default "0.0.0.0";

    @AttributeDefinition(name = "Tunnel port", description = "0 takes a free one.", min = "0", max = "65535")
    int tunnel_port() default 10004;

    @AttributeDefinition(name = "Node limit", description = "Most tunnels at one time.", min = "1")
    int node_limit() default 5000;

    @AttributeDefinition(
            name = "Streams of a node",
            description = "Most logs and commands open on one node.",
            min = "1")
    int node_streams() default 50;

    @AttributeDefinition(name = "Stream limit", description = "Most logs and commands open on all nodes.", min = "1")
    int stream_limit() default 500;

    @AttributeDefinition(
            name = "Stream buffer [KiB]",
            description = "What may wait for a caller who reads slowly before his node's tunnel is held back.",
            min = "1")
    int stream_buffer_kib() default 256;

    @AttributeDefinition(
            name = "Stall [s]",
            description = "How long a caller who reads nothing may hold a node's tunnel back; then his stream is cut.",
            min = "1",
            max = "25")
    int stall_seconds() default 10;

    @AttributeDefinition(
            name = "Silence [s]",
            description = "A node that sends nothing for this long, not even a ping, is gone.",
            min = "10")
    int silence_seconds() default 30;

    @AttributeDefinition(
            name = "Key check [s]",
            description = "How often the hub's certificates are looked at; new ones close the port and open it again.",
            min = "1")
    int keys_seconds() default 30;
}
