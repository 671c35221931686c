package io.skep.kube.embedded.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.kube.embedded.cfg}. */
@ObjectClassDefinition(name = "Skep embedded Kubernetes API", description = "Kubernetes objects on a document store.")
@interface EmbeddedConfig {

    String PID = "io.skep.kube.embedded";

    @AttributeDefinition(
            name = "History [changes]",
            description = "Changes of each kind kept in memory, so that a watch that broke can go on.",
            min = "1")
    int history_changes() default 1000;

    @AttributeDefinition(
            name = "Watch queue [changes]",
            description = "Changes that may wait for one watcher; one that falls further behind must list anew.",
            min = "1")
    int watch_queue_changes() default 4096;

    @AttributeDefinition(
            name = "Cache [KiB]",
            description = "Text of the objects that are kept parsed in memory.",
            min = "64")
    int cache_kib() default 2048;

    @AttributeDefinition(name = "Event lifetime [min]", description = "Events older than this are removed.", min = "1")
    int event_lifetime_minutes() default 60;

    @AttributeDefinition(name = "Most events", description = "Beyond this number the oldest events go.", min = "1")
    int event_limit() default 5000;
}
