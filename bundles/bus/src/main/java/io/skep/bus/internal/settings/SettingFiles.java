package io.skep.bus.internal.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.felix.utils.properties.TypedProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the files of {@code etc/} as Config Admin has the settings: what is changed or deleted through its API is so in the
 * file that they were read from, at once and on the disk, with the comments that are there.
 *
 * <p>File Install could do that too ({@code felix.fileinstall.enableConfigSave}), but it empties the file before it writes;
 * who reads in that moment, the shell's {@code config:} commands or File Install's own watcher, takes an empty configuration
 * for the one that is wanted, and settings are gone for good. Here a file is replaced whole.
 *
 * <p>Threads: that of whoever changes a configuration, which waits for the disk if the file says something else.
 */
final class SettingFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SettingFiles.class);
    private static final String FILE = "felix.fileinstall.filename";

    private final UnaryOperator<String> placeholders;
    private final Map<String, Path> files = new ConcurrentHashMap<>();

    /** @param placeholders value of a name that a file may have as <code>${name}</code>; null when there is none */
    SettingFiles(UnaryOperator<String> placeholders) {
        this.placeholders = placeholders;
    }

    /** Takes note of a configuration that is there already; its file, if it has one, is not touched. */
    void known(String pid, Dictionary<String, Object> configured) {
        file(configured).ifPresent(file -> files.put(pid, file));
    }

    // Others, of JSON, are written by Karaf.
    private static Optional<Path> file(Dictionary<String, Object> configured) {
        return Optional.ofNullable(configured.get(FILE))
                .map(Object::toString)
                .filter(file -> file.endsWith(".cfg") || file.endsWith(".config"))
                .map(file -> Path.of(URI.create(file)));
    }

    /** Writes what is configured now, if the file says something else. */
    void updated(String pid, Values now) {
        // Who changes them by the API need not say where they were read from.
        Path file = file(now.dictionary()).orElse(files.get(pid));
        if (file == null) {
            return;
        }
        files.put(pid, file);
        try {
            write(file, now);
        } catch (IOException e) {
            LOG.error("settings hold, but are not in their file: pid={} file={}", pid, file, e);
        }
    }

    /** Deletes the file of a configuration that is gone; it is gone already if that was the reason. */
    void deleted(String pid) {
        Path file = files.remove(pid);
        if (file == null) {
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.error("settings are gone, but their file is not: pid={} file={}", pid, file, e);
        }
    }

    private synchronized void write(Path file, Values values) throws IOException {
        if (!Files.exists(file)) {
            // It was taken away by hand, and File Install is about to hear of that.
            return;
        }
        TypedProperties text = new TypedProperties((name, key, value) -> placeholders.apply(value));
        try (InputStream in = Files.newInputStream(file)) {
            text.load(in);
        }
        Map<String, Object> wanted = values.given();
        if (Values.of(new Hashtable<>(text)).same(values)) {
            return;
        }
        text.keySet().retainAll(wanted.keySet());
        wanted.forEach((key, value) -> {
            if (!value.equals(text.get(key))) {
                text.put(key, value);
            }
        });
        replace(file, text);
    }

    // File Install reads *.cfg, *.config and *.json.
    private static void replace(Path file, TypedProperties text) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (OutputStream out = Files.newOutputStream(beside)) {
                text.save(out);
            }
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
