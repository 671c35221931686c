package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.machine.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The store's folder, held by this process alone while it is open. Inside: {@code lock}, the database {@code db}, for a
 * moment {@code db.new}, and databases that were set aside. Derby's own lock does not keep a second process out reliably, the operating system's does.
 */
final class DataFolder implements AutoCloseable {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final FileChannel channel;

    private DataFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Makes the folder if it is not there, and takes it.
     *
     * @throws EdgeException {@code SERVICE_UNAVAILABLE} naming the folder, when it can't be written or is in use
     */
    static DataFolder take(Path folder) {
        FileChannel channel = null;
        try {
            Folders.create(folder);
            channel = FileChannel.open(
                    folder.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(folder, channel);
            }
            DataFolder taken = new DataFolder(folder, channel);
            taken.requireWritable();
            return taken;
        } catch (OverlappingFileLockException e) {
            throw inUse(folder, channel);
        } catch (EdgeException e) {
            close(channel);
            throw e;
        } catch (IOException e) {
            close(channel);
            throw unwritable(folder, e);
        }
    }

    /**
     * Tries it: a folder may be there but not be written to, with another user's database inside, on a read-only mount, or
     * since the kernel took the disk's writes away after a fault.
     *
     * @throws EdgeException {@code SERVICE_UNAVAILABLE} naming the folder
     */
    void requireWritable() {
        Path database = database();
        Path place = Files.isDirectory(database) ? database : folder;
        try {
            // The same name each time: what is told of it is the same then, too.
            Files.delete(Files.write(place.resolve("probe.tmp"), new byte[0]));
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    private static EdgeException unwritable(Path folder, IOException e) {
        String why =
                e instanceof FileSystemException file && file.getReason() != null ? file.getReason() : e.toString();
        return new EdgeException(
                Reason.SERVICE_UNAVAILABLE, "cannot write to the store's folder " + folder + ": " + why, e);
    }

    private static EdgeException inUse(Path folder, FileChannel channel) {
        close(channel);
        return new EdgeException(
                Reason.SERVICE_UNAVAILABLE, "the store's folder " + folder + " is in use by another process");
    }

    private static void close(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new EdgeException(Reason.INTERNAL_ERROR, "cannot close the store's lock", e);
            }
        }
    }

    /** Where the database is, or will be. */
    Path database() {
        return folder.resolve("db");
    }

    /** Where a database is made; what a killed process left there was never used. */
    Path emptyWorkshop() {
        Path workshop = folder.resolve("db.new");
        try (Stream<Path> left = Files.exists(workshop) ? Files.walk(workshop) : Stream.empty()) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
            return workshop;
        } catch (IOException | UncheckedIOException e) {
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "cannot empty " + workshop + ": " + e, e);
        }
    }

    /** Puts the database that was made in its place. */
    void takeFromWorkshop() {
        try {
            Files.move(folder.resolve("db.new"), database(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "cannot make the database " + database() + ": " + e, e);
        }
    }

    /**
     * Moves the database out of the way, whole.
     *
     * @return where it is now
     */
    Path setAside(Instant now) {
        String name = "db.damaged-" + STAMP.format(now);
        Path target = folder.resolve(name);
        for (int i = 2; Files.exists(target); i++) {
            target = folder.resolve(name + "-" + i);
        }
        try {
            return Files.move(database(), target);
        } catch (IOException e) {
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE, "cannot move the damaged database " + database() + " aside: " + e, e);
        }
    }

    /** Bytes that can still be written to the folder's disk. */
    long usableBytes() {
        return folder.toFile().getUsableSpace();
    }

    /** Size of the database's files; 0 while it is being moved or made. */
    long databaseBytes() {
        try (Stream<Path> files = Files.walk(database())) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /** Gives the folder back. */
    @Override
    public void close() {
        close(channel);
    }
}
