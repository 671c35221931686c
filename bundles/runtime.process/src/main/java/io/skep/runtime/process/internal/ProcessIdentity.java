package io.skep.runtime.process.internal;

import java.util.Optional;

/**
 * A process for all times: a process id comes again, but not with the same start in the same boot of the machine.
 *
 * @param bootId the kernel's id of this boot
 * @param pid process id
 * @param startTicks start, in clock ticks since boot; field 22 of {@code /proc/<pid>/stat}
 */
record ProcessIdentity(String bootId, long pid, long startTicks) {

    /** Reads what our scripts write: boot id, blank, the line of {@code /proc/<pid>/stat}. */
    static Optional<ProcessIdentity> parse(String line) {
        int blank = line.indexOf(' ');
        if (blank < 0) {
            return Optional.empty();
        }
        return ProcessStat.parse(line.substring(blank + 1))
                .map(stat -> new ProcessIdentity(line.substring(0, blank), stat.pid(), stat.startTicks()));
    }
}
