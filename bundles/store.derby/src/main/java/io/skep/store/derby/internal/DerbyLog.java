package io.skep.store.derby.internal;

import java.io.Writer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what Derby would write to {@code derby.log} into debug lines; what matters reaches us as an exception anyway. */
public final class DerbyLog extends Writer {

    private static final Logger LOG = LoggerFactory.getLogger("io.skep.store.derby.engine");
    private static final int LONGEST_LINE = 2000;

    /** Bytes of a page, which may hold secrets. */
    private static final Pattern DUMP = Pattern.compile("(?i).*(page dump|hex dump).*|[0-9a-f]{8}: .*");

    private final StringBuilder line = new StringBuilder();

    private DerbyLog() {}

    /** Called by Derby, by name: see {@code derby.stream.error.method}. */
    public static Writer writer() {
        return new DerbyLog();
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
        synchronized (lock) {
            for (int i = offset; i < offset + length; i++) {
                if (buffer[i] == '\n') {
                    flush();
                } else if (line.length() < LONGEST_LINE) {
                    line.append(buffer[i]);
                }
            }
        }
    }

    @Override
    public void flush() {
        synchronized (lock) {
            if (LOG.isDebugEnabled()
                    && !line.toString().isBlank()
                    && !DUMP.matcher(line).matches()) {
                LOG.debug("derby: {}", line);
            }
            line.setLength(0);
        }
    }

    @Override
    public void close() {
        flush();
    }
}
