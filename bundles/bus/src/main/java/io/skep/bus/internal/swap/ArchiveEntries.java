package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Whether an archive may be opened at all: bounded in entries, size and ratio, no name that leads out of it, none twice.
 * Sizes are counted as they come out: what an archive says of itself may be a lie. Links in an archive are plain entries
 * here, since entries never become files under names of their own.
 */
final class ArchiveEntries {

    private static final int MAX_ENTRIES = 20_000;
    private static final long MAX_UNPACKED_BYTES = 512L << 20;

    // Class files come down to a half or a third; only what was made to burst comes down to a hundredth.
    private static final long MAX_RATIO = 100;
    private static final long SMALL_BYTES = 16L << 20;

    private ArchiveEntries() {}

    /** @throws EdgeException {@code INVALID} when it may not be opened */
    static void check(Path file, JarFile jar) throws IOException {
        long most = Math.min(MAX_UNPACKED_BYTES, Math.max(SMALL_BYTES, Files.size(file) * MAX_RATIO));
        Set<String> names = new HashSet<>();
        long unpacked = 0;
        byte[] buffer = new byte[1 << 16];
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            checkName(entry.getName());
            if (!names.add(entry.getName())) {
                throw invalid("its entry \"" + entry.getName() + "\" is there twice");
            }
            if (names.size() > MAX_ENTRIES) {
                throw invalid("it has more than " + MAX_ENTRIES + " entries");
            }
            try (InputStream in = jar.getInputStream(entry)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    unpacked += n;
                    if (unpacked > most) {
                        throw invalid(
                                "it unpacks to more than " + (most >> 20) + " MiB, of " + Files.size(file) + " bytes");
                    }
                }
            }
        }
    }

    private static void checkName(String name) {
        boolean leaves = name.startsWith("/")
                || name.contains("\\")
                || name.contains(":")
                || Arrays.asList(name.split("/")).contains("..");
        if (leaves) {
            throw invalid("its entry \"" + name + "\" leads out of it");
        }
    }

    private static EdgeException invalid(String why) {
        return new EdgeException(Reason.INVALID, "the file can't be used: " + why);
    }
}
