package io.skep.edged.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.edged.cfg}. Defaults equal KubeEdge's where it has the same knob. */
@ObjectClassDefinition(name = "Skep Edged", description = "Runs the node's pods and speaks for the node.")
@interface EdgedConfig {

    String PID = "io.skep.edged";

    @AttributeDefinition(name = "Node name", description = "Must equal EdgeHub's; empty for the host's name.")
    String node_name() default "";

    @AttributeDefinition(name = "Node address", description = "Empty for the address of the default route.")
    String node_ip() default "";

    @AttributeDefinition(
            name = "Node labels",
            description = "key=value, separated by commas, beside the standard ones.")
    String node_labels() default "";

    @AttributeDefinition(
            name = "Default runtime",
            description = "Runtime of pods without runtimeClassName; auto prefers cri over process.")
    String runtime_default() default "auto";

    @AttributeDefinition(name = "Data folder", description = "Empty for a folder edged in Karaf's data folder.")
    String data_dir() default "";

    @AttributeDefinition(name = "Most pods", description = "Pods beyond this number are rejected.", min = "1")
    int pods_max() default 110;

    @AttributeDefinition(
            name = "Allowed unsafe sysctls",
            description =
                    "What pods may set beside the safe ones, separated by commas; net.core.* for all that begin so.")
    String allowed_unsafe_sysctls() default "";

    @AttributeDefinition(
            name = "Reserved CPU [1/1000 core]",
            description = "Kept from pods for the machine itself.",
            min = "0")
    int reserved_cpu_millicores() default 0;

    @AttributeDefinition(
            name = "Reserved memory [MiB]",
            description = "Kept from pods, beside eviction.memory.available.",
            min = "0")
    int reserved_memory_mebibytes() default 0;

    @AttributeDefinition(
            name = "Reserved disk [MiB]",
            description = "Kept from pods, beside eviction.nodefs.available.",
            min = "0")
    int reserved_disk_mebibytes() default 0;

    @AttributeDefinition(
            name = "Eviction by memory",
            description =
                    "Less available than this, as 100Mi or 5%, is MemoryPressure: pods are evicted; empty for never.")
    String eviction_memory_available() default "100Mi";

    @AttributeDefinition(
            name = "Eviction by disk",
            description = "The same of the data folder's file system: DiskPressure.")
    String eviction_nodefs_available() default "10%";

    @AttributeDefinition(
            name = "Eviction by image disk",
            description = "The same of the images' file system, after unused images were removed: DiskPressure.")
    String eviction_imagefs_available() default "15%";

    @AttributeDefinition(name = "Eviction by processes", description = "The same of process ids: PIDPressure.")
    String eviction_pid_available() default "";

    @AttributeDefinition(
            name = "Pressure transition [s]",
            description = "How long a node whose pressure has ended still says it is under it.",
            min = "0")
    int eviction_transition_seconds() default 300;

    @AttributeDefinition(
            name = "Images, high mark [%]",
            description = "Part of their file system in use from which on unused images go; 100 for never.",
            min = "1",
            max = "100")
    int image_gc_high_percent() default 85;

    @AttributeDefinition(name = "Images, low mark [%]", description = "Part in use down to which they go.", min = "0")
    int image_gc_low_percent() default 80;

    @AttributeDefinition(
            name = "Images, least age [s]",
            description = "None that came later than this ago goes.",
            min = "0")
    int image_min_age_seconds() default 120;

    @AttributeDefinition(
            name = "Status computation [s]",
            description = "How often the node's state is measured.",
            min = "1")
    int status_seconds() default 10;

    @AttributeDefinition(
            name = "Status report [s]",
            description = "How often an unchanged node status goes up all the same.",
            min = "1")
    int report_seconds() default 300;

    @AttributeDefinition(name = "Lease duration [s]", description = "Renewed each quarter of it.", min = "4")
    int lease_seconds() default 40;

    @AttributeDefinition(
            name = "Relist [s]",
            description = "How often all of a runtime is listed as a repair.",
            min = "1")
    int relist_seconds() default 60;

    @AttributeDefinition(
            name = "Static pods",
            description = "Folder of files (.yaml, .yml, .json), each with a pod that runs with and without the cloud;"
                    + " empty for none.")
    String static_pods() default "";

    @AttributeDefinition(
            name = "Shutdown grace [s]",
            description =
                    "How long all pods together get to end before the machine goes down; 0 leaves them to the machine.",
            min = "0")
    int shutdown_grace_seconds() default 30;

    @AttributeDefinition(
            name = "Shutdown grace of critical pods [s]",
            description = "The part of it that is kept for static pods and those of priority 2000000000 and more.",
            min = "0")
    int shutdown_critical_seconds() default 10;

    @AttributeDefinition(name = "Streaming port", description = "Port shown as the node's kubelet endpoint.")
    int kubelet_port() default 10350;
}
