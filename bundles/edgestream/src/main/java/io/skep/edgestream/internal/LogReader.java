package io.skep.edgestream.internal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Answers what was asked of a log piece by piece, as kubelet writes it: lines as the container wrote them. Thread-safe; it
 * holds a file open from the first reading on until it is closed, which ends a reading under way.
 */
final class LogReader implements Closeable {

    private final Path file;
    private final LogOptions options;
    private Optional<LogCursor> cursor = Optional.empty();
    private long left;
    private boolean lineBegins = true;
    private volatile boolean closed;

    LogReader(Path file, LogOptions options) {
        this.file = file;
        this.options = options;
        this.left = options.limitBytes().orElse(Long.MAX_VALUE);
    }

    /**
     * The next piece: about {@code size} bytes, an entry more at most; empty when there is no more now, an entry still being
     * written waits. Blocks on the disk.
     */
    synchronized byte[] read(int size) throws IOException {
        if (closed) {
            return new byte[0];
        }
        if (cursor.isEmpty()) {
            cursor = Optional.of(begin());
        }
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        while (!closed && left > 0 && piece.size() < size) {
            Optional<LogEntry> entry = cursor.get().next();
            if (entry.isEmpty()) {
                break;
            }
            print(entry.get(), piece);
        }
        return piece.toByteArray();
    }

    /** Whether as much was read as was asked for, so that nothing can follow. */
    synchronized boolean full() {
        return left == 0;
    }

    /** Who does not follow is given what is there now, however fast more is written. */
    private LogCursor begin() throws IOException {
        Optional<LogEnd> end = options.follow() ? Optional.empty() : LogEnd.now(file);
        try {
            Optional<LogPlace> begin = options.tailLines().isPresent()
                    ? LogTail.of(file, options.tailLines().getAsLong(), end.map(LogEnd::place))
                    : Optional.empty();
            return new LogCursor(file, begin, end);
        } catch (IOException e) {
            if (end.isPresent()) {
                end.get().close();
            }
            throw e;
        }
    }

    private void print(LogEntry entry, ByteArrayOutputStream to) {
        if (entry.time().isBefore(options.since())) {
            return;
        }
        if (options.timestamps() && lineBegins) {
            put((entry.stamp() + " ").getBytes(StandardCharsets.US_ASCII), to);
        }
        put(entry.text(), to);
        if (entry.full()) {
            put(new byte[] {'\n'}, to);
        }
        lineBegins = entry.full();
    }

    private void put(byte[] bytes, ByteArrayOutputStream to) {
        int part = (int) Math.min(bytes.length, left);
        to.write(bytes, 0, part);
        left -= part;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        synchronized (this) {
            if (cursor.isPresent()) {
                cursor.get().close();
            }
        }
    }
}
