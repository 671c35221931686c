package io.skep.edgestream.internal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads a container's log as it lies on disk in CRI format: the file itself, and before it those that rotation moved away. It
 * goes on where it was when more was written, also when the file was rotated meanwhile. What is held in memory is one entry
 * and a block, whatever the log's size. One thread at a time; blocks on the disk.
 */
final class LogCursor implements Closeable {

    /** Runtimes cut lines at 16 KiB; a longer entry was not written by one. */
    private static final int MAX_ENTRY_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 64 << 10;

    private final Path file;
    private final Optional<LogPlace> begin;
    private final Optional<LogEnd> end;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private Optional<LogPart> part = Optional.empty();
    private Optional<FileChannel> channel = Optional.empty();
    private long offset;
    private boolean successorSeen;

    /**
     * @param begin where to begin; with the oldest there is when empty
     * @param end where to stop though more may be written; nowhere when empty; closed with this
     */
    LogCursor(Path file, Optional<LogPlace> begin, Optional<LogEnd> end) {
        this.file = file;
        this.begin = begin;
        this.end = end;
    }

    /** The next entry; empty when no whole one is there now. */
    Optional<LogEntry> next() throws IOException {
        do {
            for (Optional<byte[]> read = line(); read.isPresent(); read = line()) {
                Optional<LogEntry> entry = LogEntry.parse(read.get());
                if (entry.isPresent()) {
                    return entry;
                }
            }
        } while (moved());
        return Optional.empty();
    }

    /** The next whole line without its end. */
    private Optional<byte[]> line() throws IOException {
        do {
            byte[] bytes = buffer.array();
            int from = buffer.position();
            int to = from;
            while (to < buffer.limit() && bytes[to] != '\n') {
                to++;
            }
            if (line.size() + to - from > MAX_ENTRY_BYTES) {
                throw new IOException(file + " holds an entry of more than " + MAX_ENTRY_BYTES + " bytes");
            }
            line.write(bytes, from, to - from);
            if (to < buffer.limit()) {
                buffer.position(to + 1);
                byte[] whole = line.toByteArray();
                line.reset();
                return Optional.of(whole);
            }
        } while (fill());
        return Optional.empty();
    }

    /** The next block of the present part; false when there is no more of it now. */
    private boolean fill() throws IOException {
        buffer.clear();
        if (inLastPart()) {
            long left = end.get().place().offset() - offset;
            buffer.limit((int) Math.max(0, Math.min(left, buffer.capacity())));
        }
        int read = channel.isEmpty() ? -1 : channel.get().read(buffer, offset);
        offset += Math.max(0, read);
        buffer.flip();
        return buffer.hasRemaining();
    }

    private boolean inLastPart() {
        return end.isPresent()
                && part.isPresent()
                && part.get().is(end.get().place().part());
    }

    /** Whether there may be more to read now. */
    private boolean moved() throws IOException {
        if (inLastPart()) {
            return false;
        }
        Optional<LogPart> next = successor();
        if (next.isEmpty()) {
            return false;
        }
        if (part.isPresent() && !successorSeen) {
            // The last lines may have come between our reading to the end and the rotation.
            successorSeen = true;
            return true;
        }
        Optional<FileChannel> opened = next.get().open(file);
        if (opened.isEmpty()) {
            return true; // gone meanwhile
        }
        closePart();
        channel = opened;
        offset = part.isEmpty()
                ? begin.filter(place -> place.part().is(next.get()))
                        .map(LogPlace::offset)
                        .orElse(0L)
                : 0;
        line.reset();
        part = next;
        successorSeen = false;
        return true;
    }

    /** What follows the present part, or the oldest one when the present part is gone; empty behind the end. */
    private Optional<LogPart> successor() throws IOException {
        List<LogPart> parts = LogPart.of(file);
        if (part.isEmpty() && parts.isEmpty()) {
            throw new NoSuchFileException(file.toString());
        }
        if (end.isPresent() && parts.stream().noneMatch(end.get().place().part()::is)) {
            return Optional.empty();
        }
        if (part.isEmpty() && begin.isPresent()) {
            Optional<LogPart> first =
                    parts.stream().filter(begin.get().part()::is).findFirst();
            if (first.isPresent()) {
                return first;
            }
        }
        int present = -1;
        for (int i = 0; i < parts.size(); i++) {
            if (part.isPresent() && parts.get(i).is(part.get())) {
                present = i;
            }
        }
        return present + 1 < parts.size() ? Optional.of(parts.get(present + 1)) : Optional.empty();
    }

    private void closePart() throws IOException {
        if (channel.isPresent()) {
            channel.get().close();
        }
    }

    @Override
    public void close() throws IOException {
        closePart();
        if (end.isPresent()) {
            end.get().close();
        }
    }
}
