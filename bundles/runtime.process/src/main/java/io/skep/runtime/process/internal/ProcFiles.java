package io.skep.runtime.process.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code /proc}. What vanishes while it is read counts as gone. */
final class ProcFiles {

    private static final Path BOOT_ID = Path.of("sys/kernel/random/boot_id");

    private final Path root;
    private final String bootId;

    ProcFiles(Path root) {
        this.root = root;
        this.bootId = read(root.resolve(BOOT_ID)).trim();
    }

    /** The kernel's id of this boot, {@code ""} where it has none. */
    String bootId() {
        return bootId;
    }

    Optional<ProcessStat> stat(long pid) {
        return ProcessStat.parse(read(root.resolve(Long.toString(pid)).resolve("stat")));
    }

    /** Whether this very process still runs. */
    boolean alive(ProcessIdentity process) {
        return process.bootId().equals(bootId)
                && stat(process.pid())
                        .filter(stat -> stat.startTicks() == process.startTicks() && stat.alive())
                        .isPresent();
    }

    /** All processes we can see. */
    List<ProcessStat> all() {
        List<ProcessStat> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[1-9]*")) {
            for (Path entry : entries) {
                ProcessStat.parse(read(entry.resolve("stat")))
                        .filter(ProcessStat::alive)
                        .ifPresent(found::add);
            }
        } catch (IOException e) {
            return found;
        }
        return found;
    }

    /** Words of its command line; empty for a dead one. */
    String commandLine(long pid) {
        return read(root.resolve(Long.toString(pid)).resolve("cmdline"));
    }

    /** Whether it was started with this variable; false where we may not look. */
    boolean hasVariable(long pid, String assignment) {
        String environment = read(root.resolve(Long.toString(pid)).resolve("environ"));
        return environment.startsWith(assignment + "\0") || environment.contains("\0" + assignment + "\0");
    }

    /** Resident memory, in bytes. */
    long residentBytes(long pid) {
        for (String line :
                read(root.resolve(Long.toString(pid)).resolve("status")).split("\n")) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        return 0;
    }

    /**
     * Not by {@link Files#readAllBytes}: it believes the length of 0 that such files have, reads one byte to see, and the rest
     * by another call, when the process may be gone or another program.
     */
    private static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
