package io.skep.runtime.process.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal of a command, or none. The {@code tty} script says where it is; that may be a moment after the first size was
 * set.
 */
final class Terminal {

    /** For commands without one. */
    static final Terminal NONE = new Terminal("", Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);

    private static final long LIMIT_MILLIS = 2000;

    private final String stty;
    private final Optional<Path> place;

    /** @param place file the script writes */
    Terminal(String stty, Path place) {
        this(stty, Optional.of(place));
    }

    private Terminal(String stty, Optional<Path> place) {
        this.stty = stty;
        this.place = place;
    }

    /** The command's process, leader of the terminal's session; empty while it is not known. */
    Optional<Long> leader() {
        return words().map(words -> Long.parseLong(words[0]));
    }

    /** Blocks for some milliseconds, and until the terminal is there, 2 s at most. */
    void resize(int columns, int rows) {
        if (place.isEmpty()) {
            return;
        }
        try {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
            while (words().isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(2);
            }
            Optional<String[]> words = words();
            if (words.isPresent()) {
                Process set = Commands.quiet(List.of(
                                stty,
                                "-F",
                                words.get()[1],
                                "rows",
                                Integer.toString(rows),
                                "cols",
                                Integer.toString(columns)))
                        .start();
                if (!set.waitFor(LIMIT_MILLIS, TimeUnit.MILLISECONDS) || set.exitValue() != 0) {
                    LOG.debug("terminal not resized: terminal={}", words.get()[1]);
                }
            }
        } catch (IOException e) {
            LOG.debug("terminal not resized: reason={}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Process and terminal. */
    private Optional<String[]> words() {
        try {
            return place.isPresent() && Files.exists(place.get())
                    ? Optional.of(Files.readString(place.get()).strip().split(" ", 2))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // removed with the command's end
        }
    }
}
