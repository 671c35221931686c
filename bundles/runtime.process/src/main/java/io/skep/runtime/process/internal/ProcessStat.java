package io.skep.runtime.process.internal;

import java.util.Optional;

/**
 * What {@code /proc/<pid>/stat} says of a process; see proc(5).
 *
 * @param state {@code Z} and {@code X}: it is dead already
 * @param group process group
 * @param session session
 * @param cpuTicks processor time of user and system, in ticks of 10 ms
 * @param startTicks start, in ticks since boot
 */
record ProcessStat(long pid, char state, long parent, long group, long session, long cpuTicks, long startTicks) {

    static Optional<ProcessStat> parse(String line) {
        // The name is in parentheses and may hold blanks and parentheses itself.
        int name = line.indexOf(" (");
        int end = line.lastIndexOf(") ");
        if (name < 0 || end < name) {
            return Optional.empty();
        }
        String[] fields = line.substring(end + 2).trim().split(" ");
        if (fields.length < 20) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessStat(
                    Long.parseLong(line.substring(0, name)),
                    fields[0].charAt(0),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                    Long.parseLong(fields[19])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    boolean alive() {
        return state != 'Z' && state != 'X';
    }
}
