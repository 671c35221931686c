package io.skep.edgestream.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds where the last lines of a log begin. It reads from the end, so that it costs what those lines cost, however long the
 * log is. A line is what the container wrote as one, in one entry or more.
 */
final class LogTail {

    private static final int BLOCK_BYTES = 64 << 10;

    /** Time, stream and tags of an entry fit into this. */
    private static final int HEAD_BYTES = 128;

    private final Path log;
    private final Optional<LogPlace> end;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES + HEAD_BYTES);
    private long left;

    private LogTail(Path log, long lines, Optional<LogPlace> end) {
        this.log = log;
        this.end = end;
        this.left = lines;
    }

    /**
     * Where the last {@code lines} whole lines before {@code end} begin, or before the log's own end when that is empty; empty
     * when there are no more than these.
     */
    static Optional<LogPlace> of(Path log, long lines, Optional<LogPlace> end) throws IOException {
        return new LogTail(log, lines, end).find();
    }

    private Optional<LogPlace> find() throws IOException {
        List<LogPart> parts = LogPart.of(log);
        boolean before = end.isEmpty();
        for (int i = parts.size() - 1; i >= 0; i--) {
            LogPart part = parts.get(i);
            boolean last = end.isPresent() && end.get().part().is(part);
            before |= last;
            if (!before) {
                continue;
            }
            Optional<FileChannel> opened = part.open(log);
            if (opened.isEmpty()) {
                break; // and so are those before it
            }
            try (FileChannel file = opened.get()) {
                long begin = find(file, last ? end.get().offset() : file.size());
                if (begin >= 0) {
                    return Optional.of(new LogPlace(part, begin));
                }
            }
        }
        return Optional.empty();
    }

    /** Where the wanted lines begin in so much of this file, or -1 when it has no line before them. */
    private long find(FileChannel file, long size) throws IOException {
        // The end of the entry that begins where we are; behind the last line end there may be half an entry.
        long end = -1;
        for (long from = size; from > 0; ) {
            int length = (int) Math.min(BLOCK_BYTES, from);
            from -= length;
            read(file, from);
            for (int at = Math.min(length, block.limit()) - 1; at >= 0; at--) {
                if (block.get(at) == '\n') {
                    if (end >= 0 && passes(at + 1)) {
                        return end;
                    }
                    end = from + at + 1;
                }
            }
        }
        if (end >= 0) {
            read(file, 0);
            return passes(0) ? end : -1;
        }
        return -1;
    }

    /** Counts the entry that begins here; whether it is one too many. */
    private boolean passes(int at) {
        byte[] head = Arrays.copyOfRange(block.array(), at, Math.min(at + HEAD_BYTES, block.limit()));
        if (LogEntry.parse(head).filter(LogEntry::full).isEmpty()) {
            return false;
        }
        left--;
        return left < 0;
    }

    private void read(FileChannel file, long from) throws IOException {
        block.clear();
        while (block.hasRemaining() && file.read(block, from + block.position()) > 0) {
            // until it is full or the file ends
        }
        block.flip();
    }
}
