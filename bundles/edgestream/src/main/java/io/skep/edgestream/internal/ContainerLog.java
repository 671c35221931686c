package io.skep.edgestream.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A container's log as it lies on disk in CRI format: the file itself, and before it those that rotation moved away. What is
 * held in memory is one entry, whatever the log's size; a reader that is slow holds up only its own thread.
 */
final class ContainerLog {

    /** Runtimes cut lines at 16 KiB; a longer entry was not written by one. */
    private static final int MAX_ENTRY_BYTES = 1 << 20;

    private final Path file;

    ContainerLog(Path file) {
        this.file = file;
    }

    /** Writes what {@code options} ask for and is there now; an entry still being written waits for the next call. */
    void write(LogOptions options, OutputStream to) throws IOException {
        long skipped = options.tailLines().isPresent()
                ? Math.max(0, lines() - options.tailLines().getAsLong())
                : 0;
        Printer printer = new Printer(options, skipped, to);
        eachEntry(printer::print);
    }

    private long lines() throws IOException {
        long[] count = {0};
        eachEntry(entry -> {
            count[0] += entry.full() ? 1 : 0;
            return true;
        });
        return count[0];
    }

    private interface Visitor {
        /** Whether to go on. */
        boolean visit(LogEntry entry) throws IOException;
    }

    private void eachEntry(Visitor visitor) throws IOException {
        for (Path part : parts()) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(part), 64 << 10)) {
                Optional<byte[]> line = next(in, part);
                while (line.isPresent()) {
                    Optional<LogEntry> entry = LogEntry.parse(line.get());
                    if (entry.isPresent() && !visitor.visit(entry.get())) {
                        return;
                    }
                    line = next(in, part);
                }
            } catch (NoSuchFileException e) {
                if (Files.exists(file)) {
                    continue; // rotation took the oldest file away while we read
                }
                throw e;
            }
        }
    }

    /** The next whole line without its end. */
    private static Optional<byte[]> next(InputStream in, Path part) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return Optional.of(line.toByteArray());
            }
            if (line.size() == MAX_ENTRY_BYTES) {
                throw new IOException(part + " holds an entry of more than " + MAX_ENTRY_BYTES + " bytes");
            }
            line.write(b);
        }
        return Optional.empty();
    }

    /** Oldest first; the names of rotated files end in their time. */
    private List<Path> parts() throws IOException {
        List<Path> parts = new ArrayList<>();
        String prefix = file.getFileName() + ".";
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(file.toAbsolutePath().getParent(), entry -> isRotated(entry, prefix))) {
            entries.forEach(parts::add);
        }
        parts.sort(null);
        parts.add(file);
        return parts;
    }

    private static boolean isRotated(Path entry, String prefix) {
        String name = entry.getFileName().toString();
        return name.startsWith(prefix) && !name.endsWith(".gz") && !name.endsWith(".tmp");
    }

    /** Turns entries back into the lines the container wrote. */
    private static final class Printer {

        private final LogOptions options;
        private final OutputStream to;
        private long toSkip;
        private long left;
        private boolean lineBegins = true;

        Printer(LogOptions options, long toSkip, OutputStream to) {
            this.options = options;
            this.toSkip = toSkip;
            this.to = to;
            this.left = options.limitBytes().orElse(Long.MAX_VALUE);
        }

        boolean print(LogEntry entry) throws IOException {
            if (toSkip > 0) {
                toSkip -= entry.full() ? 1 : 0;
                return true;
            }
            if (entry.time().isBefore(options.since())) {
                return true;
            }
            if (options.timestamps() && lineBegins) {
                put((entry.stamp() + " ").getBytes(StandardCharsets.US_ASCII));
            }
            put(entry.text());
            if (entry.full()) {
                put(new byte[] {'\n'});
            }
            lineBegins = entry.full();
            return left > 0;
        }

        private void put(byte[] bytes) throws IOException {
            int part = (int) Math.min(bytes.length, left);
            to.write(bytes, 0, part);
            left -= part;
        }
    }
}
