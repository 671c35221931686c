package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerLogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A container's log in CRI format ({@code <RFC 3339 time> stdout|stderr F|P <text>}), rotated as kubelet does: the full file
 * gets the time as its suffix, the oldest goes. One thread at a time.
 */
final class CriLog implements AutoCloseable {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);
    private static final int BUFFER_BYTES = 128 << 10;

    private final Path file;
    private final long maxBytes;
    private final int maxFiles;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private FileChannel channel;
    private Instant stamped = Instant.MIN;
    private byte[] stamp = {};

    CriLog(Path file, long maxBytes, int maxFiles) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** Adds one entry; {@code full} unless the line goes on in the next one. */
    void add(Instant at, String stream, boolean full, ByteBuffer text) throws IOException {
        if (!at.equals(stamped)) {
            stamped = at;
            stamp = STAMP.format(at).getBytes(StandardCharsets.US_ASCII);
        }
        byte[] middle = (" " + stream + (full ? " F " : " P ")).getBytes(StandardCharsets.US_ASCII);
        if (buffer.remaining() < stamp.length + middle.length + text.remaining() + 1) {
            flush();
        }
        buffer.put(stamp).put(middle).put(text).put((byte) '\n');
    }

    /** Writes what was added and rotates when it is time; returns the file's size. */
    long flush() throws IOException {
        if (buffer.position() == 0 && channel == null) {
            return Files.exists(file) ? Files.size(file) : 0;
        }
        FileChannel open = open();
        buffer.flip();
        while (buffer.hasRemaining()) {
            open.write(buffer);
        }
        buffer.clear();
        long size = open.size();
        if (size >= maxBytes) {
            rotate();
            return 0;
        }
        return size;
    }

    /** Takes back what was added after {@code size}: it will come again. */
    void cutTo(long size) throws IOException {
        if (Files.exists(file) && Files.size(file) > size) {
            open().truncate(size);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private FileChannel open() throws IOException {
        if (channel == null) {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        }
        return channel;
    }

    private void rotate() throws IOException {
        close();
        ContainerLogFiles files = new ContainerLogFiles(file);
        files.rotate(Instant.now());
        files.keep(maxFiles, maxBytes);
    }

    /** Removes all of it; nothing is added any more. */
    void delete() throws IOException {
        close();
        new ContainerLogFiles(file).delete();
    }
}
