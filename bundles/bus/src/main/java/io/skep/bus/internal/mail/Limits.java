package io.skep.bus.internal.mail;

import java.time.Duration;

/**
 * How much a mailbox holds.
 *
 * @param size messages in memory
 * @param quota messages in the store
 * @param patience how long a sender waits for room before the store is used; a reader that only was not scheduled for a
 *     moment shall not cost a disk write
 */
public record Limits(int size, long quota, Duration patience) {}
