package io.skep.edgestream.internal;

import io.skep.runtime.api.ContainerLogFiles;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A place in a container's log as it lies on disk in CRI format: the file itself, and before it those that rotation moved
 * away. It goes on where it was when more was written, also when the file was rotated meanwhile. What is held in memory is
 * one entry, whatever the log's size. One thread at a time; blocks on the disk.
 */
final class LogCursor implements Closeable {

    /** Runtimes cut lines at 16 KiB; a longer entry was not written by one. */
    private static final int MAX_ENTRY_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 64 << 10;

    private final Path file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private Optional<Part> part = Optional.empty();
    private InputStream in = InputStream.nullInputStream();
    private boolean successorSeen;

    /** One file, known by what it is and not by its name, which rotation changes. */
    private record Part(Path path, Object key) {}

    LogCursor(Path file) {
        this.file = file;
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
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                byte[] whole = line.toByteArray();
                line.reset();
                return Optional.of(whole);
            }
            if (line.size() == MAX_ENTRY_BYTES) {
                throw new IOException(file + " holds an entry of more than " + MAX_ENTRY_BYTES + " bytes");
            }
            line.write(b);
        }
        return Optional.empty();
    }

    /** Whether there may be more to read now. */
    private boolean moved() throws IOException {
        Optional<Part> next = successor();
        if (next.isEmpty()) {
            return false;
        }
        if (part.isPresent() && !successorSeen) {
            // The last lines may have come between our reading to the end and the rotation.
            successorSeen = true;
            return true;
        }
        InputStream opened;
        try {
            opened = Files.newInputStream(next.get().path());
        } catch (NoSuchFileException e) {
            return true; // rotated again meanwhile
        }
        if (!key(next.get().path()).equals(Optional.of(next.get().key()))) {
            opened.close();
            return true;
        }
        in.close();
        in = new BufferedInputStream(opened, BUFFER_BYTES);
        line.reset();
        part = next;
        successorSeen = false;
        return true;
    }

    /** What follows the present part; the oldest one when the present part is gone. */
    private Optional<Part> successor() throws IOException {
        List<Part> parts = parts();
        if (part.isEmpty() && parts.isEmpty()) {
            throw new NoSuchFileException(file.toString());
        }
        int present = -1;
        for (int i = 0; i < parts.size(); i++) {
            if (part.isPresent() && parts.get(i).key().equals(part.get().key())) {
                present = i;
            }
        }
        return present + 1 < parts.size() ? Optional.of(parts.get(present + 1)) : Optional.empty();
    }

    /** Oldest first. */
    private List<Part> parts() throws IOException {
        List<Path> paths = new ArrayList<>(new ContainerLogFiles(file).rotated());
        paths.add(file);
        List<Part> parts = new ArrayList<>();
        for (Path path : paths) {
            key(path).ifPresent(key -> parts.add(new Part(path, key)));
        }
        return parts;
    }

    private static Optional<Object> key(Path path) throws IOException {
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return Optional.of(Objects.requireNonNullElse(key, path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
