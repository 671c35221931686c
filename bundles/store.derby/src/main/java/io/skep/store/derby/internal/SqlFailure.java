package io.skep.store.derby.internal;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What Derby's exceptions mean. They nest: the first is often only "failed to start", the last names the cause. */
final class SqlFailure {

    /** Derby's error codes from here on end the session or the database (ExceptionSeverity.SESSION_SEVERITY). */
    private static final int SESSION_SEVERITY = 40_000;

    /** SQLSTATE of a change to what can only be read, as Derby has it too. */
    static final String READ_ONLY = "25502";

    private static final int LONGEST = 300;

    private SqlFailure() {}

    /** Whether the machine, not the data, is at fault: no room, no permission, read-only, too many files, used by others. */
    static boolean isEnvironment(Throwable failure) {
        for (Throwable cause : causes(failure)) {
            String state = cause instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            boolean system = (cause instanceof IOException || cause instanceof FileSystemException)
                    && (text.contains("no space left")
                            || text.contains("quota exceeded")
                            || text.contains("permission denied")
                            || text.contains("too many open files")
                            || text.contains("read-only file system")
                            || text.contains("input/output error"));
            boolean taken = state.startsWith("XSDB6") || state.startsWith("XSDB7");
            if (system || taken || state.equals(READ_ONLY) || cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    /** Whether the database must be opened again before it can be used. */
    static boolean isFatal(Throwable failure) {
        return causes(failure).stream()
                .anyMatch(cause -> cause instanceof SQLException sql && sql.getErrorCode() >= SESSION_SEVERITY);
    }

    /** The first and the last reason, in one line of bounded length. */
    static String text(Throwable failure) {
        List<Throwable> causes = causes(failure);
        String first = line(causes.get(0));
        String last = line(causes.get(causes.size() - 1));
        return first.equals(last) ? first : first + " " + last;
    }

    /** Derby shows the bytes of a damaged page, and there may be secrets on it. */
    private static String line(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        int dump = text.indexOf(", page dump");
        String line = (dump < 0 ? text : text.substring(0, dump)).replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    private static List<Throwable> causes(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> causes = new ArrayList<>();
        collect(failure, seen, causes);
        return causes;
    }

    private static void collect(Throwable failure, Set<Throwable> seen, List<Throwable> causes) {
        if (failure == null || !seen.add(failure)) {
            return;
        }
        causes.add(failure);
        collect(failure.getCause(), seen, causes);
        if (failure instanceof SQLException sql) {
            collect(sql.getNextException(), seen, causes);
        }
    }
}
