package io.skep.cloudhub.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.cloudhub.cfg}. Defaults equal KubeEdge's where it has the same knob. */
@ObjectClassDefinition(name = "Skep CloudHub", description = "Sessions of nodes and their enrolment.")
@interface CloudHubConfig {

    String PID = "io.skep.cloudhub";

    @AttributeDefinition(name = "WebSocket address", description = "Address nodes connect to; 0.0.0.0 for all.")
    String websocket_address() default "0.0.0.0";

    @AttributeDefinition(name = "WebSocket port", description = "0 takes a free one.", min = "0", max = "65535")
    int websocket_port() default 10000;

    @AttributeDefinition(name = "HTTPS address", description = "Address nodes enrol at; 0.0.0.0 for all.")
    String https_address() default "0.0.0.0";

    @AttributeDefinition(name = "HTTPS port", description = "0 takes a free one.", min = "0", max = "65535")
    int https_port() default 10002;

    @AttributeDefinition(
            name = "Advertised addresses",
            description = "IP addresses in the server certificate, separated by commas; empty takes all local ones.")
    String[] advertise_address() default {};

    @AttributeDefinition(
            name = "DNS names",
            description = "Host names in the server certificate besides the machine's own, separated by commas.")
    String[] dns_names() default {};

    @AttributeDefinition(
            name = "Token validity [h]",
            description = "How long a join token holds; the stored one is renewed at half of it.",
            min = "1")
    int token_hours() default 24;

    @AttributeDefinition(
            name = "Certificate validity [d]",
            description = "Of certificates signed for nodes.",
            min = "1")
    int certificate_days() default 365;

    @AttributeDefinition(
            name = "Keepalive [s]",
            description = "A node that sends no keepalive for this long is disconnected.",
            min = "1")
    int keepalive_seconds() default 30;

    @AttributeDefinition(name = "Node limit", description = "Most nodes connected at one time.", min = "1")
    int node_limit() default 5000;

    @AttributeDefinition(
            name = "Acknowledgement [s]",
            description = "An object that is not acknowledged in this time is sent again.",
            min = "1")
    int ack_seconds() default 5;

    @AttributeDefinition(
            name = "Tries",
            description = "How often an object is sent before it makes room for the next one and is tried later.",
            min = "1")
    int ack_tries() default 5;

    @AttributeDefinition(
            name = "Window",
            description = "Most objects under way at once to a node of our own kind; to others it is always one.",
            min = "1")
    int window_messages() default 64;

    @AttributeDefinition(
            name = "Queue limit",
            description = "Most objects waiting for one node; what is beyond is left to the next comparison.",
            min = "1")
    int queue_limit() default 4096;

    @AttributeDefinition(
            name = "Handover [s]",
            description = "How long nodes' connections wait for a successor of this bundle.",
            min = "1")
    int handover_seconds() default 30;
}
