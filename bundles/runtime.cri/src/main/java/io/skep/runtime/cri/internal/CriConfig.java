package io.skep.runtime.cri.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.runtime.cri.cfg}. */
@ObjectClassDefinition(name = "Skep Runtime CRI", description = "Pods as containers of containerd or CRI-O.")
@interface CriConfig {

    String PID = "io.skep.runtime.cri";

    @AttributeDefinition(
            name = "Socket",
            description =
                    "The engine's Unix socket; auto looks for containerd's, then CRI-O's, and takes one it may open; off uses none.")
    String socket() default "auto";

    @AttributeDefinition(
            name = "Call timeout [s]",
            description = "How long the engine may take to answer; a pull has its own limit.",
            min = "1")
    int call_timeout_seconds() default 120;

    @AttributeDefinition(
            name = "Liveness timeout [ms]",
            description =
                    "An engine that leaves a plain question unanswered for this long hangs, and the node is not Ready; asked"
                            + " anew after the same time.",
            min = "100")
    int liveness_timeout_milliseconds() default 4000;

    @AttributeDefinition(name = "Pull timeout [s]", description = "How long fetching an image may take.", min = "1")
    int pull_timeout_seconds() default 900;

    @AttributeDefinition(
            name = "Relist [ms]",
            description = "How often an engine that serves no events is asked what it has.",
            min = "100")
    int relist_milliseconds() default 1000;

    @AttributeDefinition(
            name = "Log size [bytes]",
            description = "A container's log file is rotated at this size.",
            min = "4096")
    long log_size_bytes() default 10L << 20;

    @AttributeDefinition(name = "Log files", description = "Log files kept per container, the current one included.")
    int log_files() default 5;

    @AttributeDefinition(
            name = "Log check [ms]",
            description =
                    "How often the sizes are looked at; a log exceeds its limit by what is written in this time at most.",
            min = "100")
    int log_check_milliseconds() default 1000;

    @AttributeDefinition(
            name = "Cgroup parent",
            description = "Cgroup, or slice, below which containers get theirs; empty leaves it to the engine.")
    String cgroup_parent() default "skep";

    @AttributeDefinition(
            name = "Owner",
            description = "Written on our pods; what carries another is left alone. One for each node on an engine.")
    String owner() default "skep";
}
