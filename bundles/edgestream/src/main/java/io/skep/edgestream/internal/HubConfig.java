package io.skep.edgestream.internal;

/**
 * Those keys of {@code etc/io.skep.edgehub.cfg} that say who the node is, where its cloud is and where its certificates are:
 * the tunnel is the same node's second line to the same cloud, and nobody should have to say it twice.
 */
@interface HubConfig {

    String PID = "io.skep.edgehub";

    String node_name() default "";

    String cloud_https() default "";

    String cloud_websocket() default "";

    String certificates_folder() default "";
}
