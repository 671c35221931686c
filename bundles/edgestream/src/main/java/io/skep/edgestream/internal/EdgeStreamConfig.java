package io.skep.edgestream.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.edgestream.cfg}. Defaults equal KubeEdge's {@code edgeStream} where it has the same knob. */
@ObjectClassDefinition(
        name = "Skep EdgeStream",
        description = "Logs and commands for the cloud, through the node's own tunnel.")
@interface EdgeStreamConfig {

    String PID = "io.skep.edgestream";

    @AttributeDefinition(name = "Enabled", description = "Whether the node opens a tunnel for logs and commands.")
    boolean enabled() default true;

    @AttributeDefinition(
            name = "Server",
            description =
                    "Where the cloud takes tunnels, host:port; empty: port 10004 of the host EdgeHub connects to.")
    String server() default "";

    @AttributeDefinition(
            name = "Handshake timeout [s]",
            description = "How long opening the tunnel may take.",
            min = "1")
    int handshake_timeout_seconds() default 30;

    @AttributeDefinition(
            name = "Read deadline [s]",
            description =
                    "A cloud that gives no sign of life for this long is dialled anew; it is asked each 5 s, and has "
                            + "150 s for its first one.",
            min = "6")
    int read_deadline_seconds() default 15;

    @AttributeDefinition(
            name = "Retry [ms]",
            description =
                    "Pause before the tunnel is opened again, a quarter of it when it was open before, and up to half as"
                            + " much by chance.",
            min = "1")
    int retry_milliseconds() default 2000;

    @AttributeDefinition(
            name = "Most streams",
            description = "Logs and commands at one time; what is asked beyond is refused.",
            min = "1")
    int streams_max() default 64;
}
