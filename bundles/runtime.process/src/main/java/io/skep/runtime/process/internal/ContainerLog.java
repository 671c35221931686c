package io.skep.runtime.process.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a container's raw output into its log and remembers how far it came, so that another runtime goes on there: each
 * line is in the log once, however this one ends. Thread-safe; blocks on the disk.
 */
final class ContainerLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerLog.class);

    private final ContainerFolder folder;
    private final RawOutput stdout;
    private final RawOutput stderr;
    private final CriLog log;
    private String saved = "";

    ContainerLog(ContainerFolder folder, CriLog log, List<String> punch) throws IOException {
        this.folder = folder;
        this.log = log;
        long[] at = position(folder.text(folder.logPosition()).orElse(""));
        boolean cut = Files.exists(mark(folder.stdout())) || Files.exists(mark(folder.stderr()));
        at[0] = Files.exists(mark(folder.stdout())) ? 0 : at[0];
        at[1] = Files.exists(mark(folder.stderr())) ? 0 : at[1];
        this.stdout = new RawOutput(folder.stdout(), "stdout", at[0], punch);
        this.stderr = new RawOutput(folder.stderr(), "stderr", at[1], punch);
        if (at.length == 3) {
            log.cutTo(at[2]);
        } else {
            // Remembered before the first line too: we may be killed right behind it.
            save(log.flush());
        }
        if (cut) {
            forgive(at);
        }
    }

    /** Output was thrown away while nobody logged it: the rest begins at the front. */
    private void forgive(long[] at) throws IOException {
        LOG.warn("output was lost: too much came while no runtime lived: container={}", folder.id());
        save(at.length == 3 ? at[2] : 0);
        Files.deleteIfExists(mark(folder.stdout()));
        Files.deleteIfExists(mark(folder.stderr()));
    }

    /** Left by the {@code janitor} script. */
    private static Path mark(Path raw) {
        return raw.resolveSibling(raw.getFileName() + ".cut");
    }

    /** Carries over what is new; returns whether there was any. */
    synchronized boolean pump() throws IOException {
        return pump(false);
    }

    /** Carries over the rest of a container that ended. */
    synchronized void finish() throws IOException {
        boolean more = true;
        while (more) {
            more = pump(true);
        }
        close();
    }

    /** Removes what was logged; it is closed already. */
    synchronized void delete() throws IOException {
        log.delete();
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
        stdout.close();
        stderr.close();
    }

    private boolean pump(boolean ended) throws IOException {
        Instant now = Instant.now();
        boolean any = stdout.drain(log, now, ended) | stderr.drain(log, now, ended);
        if (any) {
            save(log.flush());
        }
        return any;
    }

    private void save(long logBytes) throws IOException {
        String position = stdout.offset() + " " + stderr.offset() + " " + logBytes;
        if (!position.equals(saved)) {
            DurableFile.writeLazily(folder.logPosition(), position);
            saved = position;
        }
    }

    private static long[] position(String text) {
        String[] words = text.split(" ");
        try {
            return words.length == 3
                    ? new long[] {Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])}
                    : new long[2];
        } catch (NumberFormatException e) {
            return new long[2];
        }
    }
}
