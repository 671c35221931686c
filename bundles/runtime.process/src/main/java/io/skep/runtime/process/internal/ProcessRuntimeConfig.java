package io.skep.runtime.process.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.runtime.process.cfg}. Log limits equal kubelet's. */
@ObjectClassDefinition(name = "Skep process runtime", description = "Pods as processes of the operating system.")
@interface ProcessRuntimeConfig {

    String PID = "io.skep.runtime.process";

    @AttributeDefinition(
            name = "Folder",
            description = "Where records and containers live; empty: runtime.process in Karaf's data folder.")
    String folder() default "";

    @AttributeDefinition(
            name = "Log size [bytes]",
            description = "A container's log file is rotated at this size.",
            min = "4096")
    long log_size_bytes() default 10L << 20;

    @AttributeDefinition(name = "Log files", description = "Log files kept per container, the current one included.")
    int log_files() default 5;

    @AttributeDefinition(
            name = "Log poll [ms]",
            description = "How often output is looked for; a line is in the log after this time at the latest.")
    int log_poll_milliseconds() default 250;

    @AttributeDefinition(
            name = "Output limit [bytes]",
            description = "Output kept of a container while no node process lives to log it; 0: without limit.")
    long output_limit_bytes() default 50L << 20;

    @AttributeDefinition(
            name = "Cgroup parent",
            description = "Cgroup below which containers get theirs, if we may; empty: no limits are kept.")
    String cgroup_parent() default "skep";

    @AttributeDefinition(
            name = "Namespaces",
            description =
                    "auto: mounts in a mount namespace of the container's own where the kernel lets us; off: never.")
    String namespaces() default "auto";

    @AttributeDefinition(name = "Containers", description = "Containers there can be at once, ended ones included.")
    int containers_max() default 500;
}
