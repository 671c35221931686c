package io.skep.runtime.cri.internal;

import java.time.Duration;

/**
 * How much is kept of what a container writes.
 *
 * @param bytes a file of this size is full
 * @param files files of a container, the current one included
 * @param check between two looks at the sizes; a file exceeds its limit by what is written meanwhile
 */
record LogLimits(long bytes, int files, Duration check) {}
