package io.skep.edgestream.internal;

import io.skep.runtime.api.ContainerLogFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One file of a log, known by what it is and not by its name, which rotation changes. Calls block on the disk.
 *
 * @param path where it was
 * @param key what it is
 */
record LogPart(Path path, Object key) {

    /** How often the files may be renamed between a look at their names and the opening of one. */
    private static final int MOST_RENAMES = 10;

    /** The parts of a log, oldest first. */
    static List<LogPart> of(Path log) throws IOException {
        List<Path> paths = new ArrayList<>(new ContainerLogFiles(log).rotated());
        paths.add(log);
        List<LogPart> parts = new ArrayList<>();
        for (Path path : paths) {
            key(path).ifPresent(key -> parts.add(new LogPart(path, key)));
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

    boolean is(LogPart other) {
        return key.equals(other.key);
    }

    /** This part of {@code log}, wherever it is now; empty when it is there no more. */
    Optional<FileChannel> open(Path log) throws IOException {
        for (int tries = 0; tries < MOST_RENAMES; tries++) {
            Optional<LogPart> now = of(log).stream().filter(this::is).findFirst();
            if (now.isEmpty()) {
                return Optional.empty();
            }
            Optional<FileChannel> opened = openThere(now.get().path);
            if (opened.isPresent()) {
                return opened;
            }
        }
        throw new IOException(log + " is renamed faster than it can be opened");
    }

    private Optional<FileChannel> openThere(Path place) throws IOException {
        FileChannel opened;
        try {
            opened = FileChannel.open(place);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        // Whatever is renamed from now on is still this part.
        if (key(place).equals(Optional.of(key))) {
            return Optional.of(opened);
        }
        opened.close();
        return Optional.empty();
    }
}
