package io.skep.edgestream.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The end of a log as it was at a time.
 *
 * @param place where it was
 * @param held its file: as long as it is open, no other file can be taken for it
 */
record LogEnd(LogPlace place, FileChannel held) implements Closeable {

    /** The end as it is now; empty when there is no log. */
    static Optional<LogEnd> now(Path log) throws IOException {
        List<LogPart> parts = LogPart.of(log);
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        LogPart last = parts.get(parts.size() - 1);
        Optional<FileChannel> opened = last.open(log);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new LogEnd(new LogPlace(last, opened.get().size()), opened.get()));
        } catch (IOException e) {
            opened.get().close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
