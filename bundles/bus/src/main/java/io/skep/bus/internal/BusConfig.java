package io.skep.bus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.bus.cfg}. */
@ObjectClassDefinition(name = "Skep bus", description = "Mailboxes, module host and background workers.")
@interface BusConfig {

    String PID = "io.skep.bus";

    @AttributeDefinition(
            name = "Expected modules",
            description =
                    "Modules this role needs, as name:group. They have a mailbox before they arrive, and the role is"
                            + " not ready without them.")
    String[] modules_expected() default {};

    @AttributeDefinition(name = "Mailbox size", description = "Messages a mailbox keeps in memory.", min = "1")
    int mailbox_size() default 1024;

    @AttributeDefinition(
            name = "Patience [ms]",
            description = "How long a sender waits for room in a full mailbox before the store is used.",
            min = "0")
    int mailbox_patience_millis() default 20;

    @AttributeDefinition(
            name = "Spill quota",
            description = "Messages a mailbox may keep in the store; 0 switches spilling off.",
            min = "0")
    long spill_quota() default 100_000;

    @AttributeDefinition(
            name = "Absent [min]",
            description = "How long what waits for a module is kept after its bundle was uninstalled.",
            min = "1")
    int absent_minutes() default 60;

    @AttributeDefinition(
            name = "Worker threads",
            description = "Most threads for modules' background jobs; idle ones end.",
            min = "1")
    int worker_threads() default 8;

    @AttributeDefinition(
            name = "Worker idle time [s]",
            description = "How long a worker thread without a job lives.",
            min = "1")
    int worker_idle_seconds() default 10;

    @AttributeDefinition(name = "Worker queue", description = "Background jobs of one module that may wait.", min = "1")
    int worker_queue() default 1000;

    @AttributeDefinition(
            name = "First restart pause [ms]",
            description = "Pause before a failed module starts again; doubles with each failure.",
            min = "1")
    int restart_first_millis() default 1000;

    @AttributeDefinition(name = "Longest restart pause [s]", description = "The pause grows no further.", min = "1")
    int restart_longest_seconds() default 30;

    @AttributeDefinition(
            name = "Quiet run [s]",
            description = "A module that ran this long without failing starts with the first pause again.",
            min = "1")
    int restart_quiet_seconds() default 60;

    @AttributeDefinition(
            name = "Drain limit [s]",
            description = "How long the message in work and stop may take when a module goes.",
            min = "1")
    int drain_seconds() default 5;

    @AttributeDefinition(
            name = "Health gate [s]",
            description = "How long a new version of a module may take to be active, healthy and answering.",
            min = "1")
    int gate_seconds() default 10;

    @AttributeDefinition(
            name = "Slow call [s]",
            description = "A call into a module that takes longer is reported.",
            min = "1")
    int slow_seconds() default 5;
}
