package io.skep.edgehub.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.edgehub.cfg}. Defaults equal KubeEdge's where it has the same knob. */
@ObjectClassDefinition(name = "Skep EdgeHub", description = "The node's one line to the cloud.")
@interface EdgeHubConfig {

    String PID = "io.skep.edgehub";

    @AttributeDefinition(
            name = "Node name",
            description = "Name of this node, lower case letters, digits, '-' and '.'; empty takes the host name.")
    String node_name() default "";

    @AttributeDefinition(
            name = "Cloud HTTPS address",
            description =
                    "Where to enrol, for example https://cloud.example:10002; empty with an empty cloud.websocket:"
                            + " no cloud. Empty otherwise: port 10002 of cloud.websocket's host.")
    String cloud_https() default "";

    @AttributeDefinition(
            name = "Cloud WebSocket address",
            description =
                    "Where to connect, for example wss://cloud.example:10000; empty: port 10000 of cloud.https's host.")
    String cloud_websocket() default "";

    @AttributeDefinition(name = "Project id", description = "Part of the connection's path; KubeEdge's default.")
    String project_id() default "e632aba927ea4ac2b575ec1603d56f10";

    /** Only the place is configured: what is configured becomes a service property, which any bundle may read. */
    @AttributeDefinition(
            name = "Join token file",
            description =
                    "File that holds the join token, needed once; without it the environment's SKEP_TOKEN is used.")
    String token_file() default "";

    @AttributeDefinition(
            name = "Certificates folder",
            description = "Holds ca.crt and node.pem; empty: folder edgehub in Karaf's data folder.")
    String certificates_folder() default "";

    @AttributeDefinition(name = "Renew certificates", description = "At 70 to 90 percent of their life.")
    boolean rotate_certificates() default true;

    @AttributeDefinition(name = "Heartbeat [s]", description = "How often a keepalive is sent.", min = "1")
    int heartbeat_seconds() default 15;

    @AttributeDefinition(
            name = "Reply timeout [s]",
            description = "After this time without an answer a stored message is sent again.",
            min = "1")
    int reply_timeout_seconds() default 60;

    @AttributeDefinition(name = "First pause [ms]", description = "Before the first try to connect again.", min = "1")
    int reconnect_first_milliseconds() default 500;

    @AttributeDefinition(
            name = "Eager pause [ms]",
            description = "Longest pause between tries during the first five minutes of an outage.",
            min = "1")
    int reconnect_eager_milliseconds() default 2000;

    @AttributeDefinition(name = "Longest pause [s]", description = "Between tries later, or when refused.", min = "1")
    int reconnect_max_seconds() default 30;

    @AttributeDefinition(
            name = "Message rate [1/s]",
            description = "Most messages sent a second, keepalives apart; 0 sets no limit (EdgeCore: 30).",
            min = "0")
    int message_qps() default 0;

    @AttributeDefinition(name = "Message burst", description = "Messages sent at once under message.qps.", min = "1")
    int message_burst() default 60;

    @AttributeDefinition(
            name = "Outbox events",
            description = "Events kept while the cloud is away; the oldest are dropped and counted beyond.",
            min = "1")
    int outbox_events() default 1000;

    @AttributeDefinition(name = "Outbox uploads", description = "The same for uploads.", min = "1")
    int outbox_uploads() default 1000;

    @AttributeDefinition(name = "Outbox others", description = "The same for device data and the rest.", min = "1")
    int outbox_others() default 1000;
}
