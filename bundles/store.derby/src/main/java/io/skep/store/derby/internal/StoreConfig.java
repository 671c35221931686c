package io.skep.store.derby.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.store.derby.cfg}. */
@ObjectClassDefinition(name = "Skep store on Derby", description = "Where and how documents are kept on disk.")
@interface StoreConfig {

    String PID = "io.skep.store.derby";

    @AttributeDefinition(
            name = "Folder",
            description = "Holds the database; empty for the folder store in Karaf's data.")
    String folder() default "";

    @AttributeDefinition(name = "Read cache [B]", description = "Documents kept in memory; 0 for none.", min = "0")
    long cache_bytes() default 4 << 20;

    @AttributeDefinition(
            name = "Page cache [pages]",
            description = "Derby's pages of 8 KiB kept in memory.",
            min = "40",
            max = "100000")
    int page_cache_pages() default 300;

    @AttributeDefinition(name = "Write queue [writes]", description = "Writes that may wait for the disk.", min = "1")
    int queue_writes() default 8192;

    @AttributeDefinition(
            name = "Write queue [B]",
            description = "Size of all writes that may wait; a single larger one may wait alone.",
            min = "1")
    long queue_bytes() default 32 << 20;

    @AttributeDefinition(
            name = "Free disk [B]",
            description = "Room that writes leave on the disk; they fail below and resume above.",
            min = "0")
    long free_bytes() default 64 << 20;

    @AttributeDefinition(name = "Readers", description = "Reads that go to the database at the same time.", min = "1")
    int readers() default 3;

    @AttributeDefinition(
            name = "Wait [s]",
            description = "Longest wait of a blocking call for the disk, the queue or a reader.",
            min = "1")
    int wait_seconds() default 30;
}
