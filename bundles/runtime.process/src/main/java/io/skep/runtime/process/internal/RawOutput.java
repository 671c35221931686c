package io.skep.runtime.process.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One raw stream of a container: the file its command writes to, by itself and whether we live or not. We take lines off its
 * front and give the disk space behind us back. One thread at a time.
 */
final class RawOutput implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RawOutput.class);

    /** Longest piece of a line in one log entry, as containerd has it. */
    static final int MAX_PIECE_BYTES = 16 << 10;

    private static final int CHUNK_BYTES = 64 << 10;
    private static final int MAX_ROUNDS = 64;
    private static final long TRIM_BYTES = 4 << 20;

    private final Path file;
    private final String stream;
    private final List<String> punch;
    private FileChannel channel;
    private long offset;
    private long seen;
    private long trimmed;

    /**
     * Goes on at {@code offset}.
     *
     * @param stream name in the log
     * @param punch command that gives back the first bytes of a file, to which their number and the file are added; empty
     *     when there is none
     */
    RawOutput(Path file, String stream, long offset, List<String> punch) {
        this.file = file;
        this.stream = stream;
        this.offset = offset;
        this.seen = offset;
        this.punch = punch;
    }

    long offset() {
        return offset;
    }

    /**
     * Moves a bounded number of lines into the log.
     *
     * @param ended whether nothing more will come, so that the last line counts without its line feed
     * @return whether there was any
     */
    boolean drain(CriLog log, Instant now, boolean ended) throws IOException {
        if (channel == null) {
            if (!Files.exists(file)) {
                return false;
            }
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        long size = channel.size();
        if (size < offset) {
            LOG.warn("output was cut before it was logged: file={} stream={}", file, stream);
            offset = 0;
        } else if (size == seen && !ended) {
            return false;
        }
        seen = size;
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, Math.max(1, size - offset)));
        long start = offset;
        long taken = 1;
        for (int round = 0; round < MAX_ROUNDS && taken > 0 && offset < size; round++) {
            chunk.clear();
            if (channel.read(chunk, offset) <= 0) {
                break;
            }
            chunk.flip();
            taken = take(chunk, log, now, ended && offset + chunk.limit() >= size);
            offset += taken;
        }
        if (offset < size && taken > 0) {
            // There are whole lines left: look again although the size is the same.
            seen = offset;
        }
        boolean any = offset != start;
        trim(size);
        return any;
    }

    /** Takes whole lines and pieces of over-long ones; returns how many bytes. */
    private long take(ByteBuffer chunk, CriLog log, Instant now, boolean last) throws IOException {
        int start = 0;
        int limit = chunk.limit();
        for (int at = 0; at < limit; at++) {
            if (chunk.get(at) == '\n') {
                log.add(now, stream, true, chunk.slice(start, at - start));
                start = at + 1;
            } else if (at - start + 1 > MAX_PIECE_BYTES) {
                log.add(now, stream, false, chunk.slice(start, MAX_PIECE_BYTES));
                start += MAX_PIECE_BYTES;
            }
        }
        if (last && start < limit) {
            log.add(now, stream, true, chunk.slice(start, limit - start));
            start = limit;
        }
        return start;
    }

    private void trim(long size) throws IOException {
        if (offset - trimmed < TRIM_BYTES) {
            return;
        }
        // Whole blocks only, so that the file system really gives them back.
        long bytes = offset & -4096L;
        if (punched(bytes)) {
            trimmed = offset;
        } else if (offset == size) {
            channel.truncate(0);
            offset = 0;
            seen = 0;
            trimmed = 0;
        }
    }

    private boolean punched(long bytes) throws IOException {
        if (punch.isEmpty()) {
            return false;
        }
        List<String> command = new ArrayList<>(punch);
        command.add(Long.toString(bytes));
        command.add(file.toString());
        try {
            Process process = Commands.quiet(command).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
