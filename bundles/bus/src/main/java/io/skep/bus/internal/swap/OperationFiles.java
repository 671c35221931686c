package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder for each operation: the file that came, and what was there before. Blocks on the disk. */
final class OperationFiles {

    /**
     * A file that came.
     *
     * @param file where it lies
     * @param checksum its SHA-256 in hexadecimal
     */
    record Arrived(Path file, String checksum) {}

    private static final Logger LOG = LoggerFactory.getLogger(OperationFiles.class);
    private static final int BUFFER = 1 << 16;
    private static final String ARRIVED = "new.jar";
    private static final String UNPACKED = "unpacked";
    private static final String SNAPSHOT = "old.jar";

    private final Path root;
    private final long maxBytes;

    /** Folders below {@code root}; files of more than {@code maxBytes} are refused. */
    OperationFiles(Path root, long maxBytes) {
        this.root = root;
        this.maxBytes = maxBytes;
    }

    /**
     * Copies what lies at {@code source} to where nobody changes it.
     *
     * @throws EdgeException {@code INVALID} for an address that can't be used, {@code NOT_FOUND} for no file
     */
    Arrived fetch(String operation, String source) {
        Path file = folder(operation).resolve(ARRIVED);
        try (InputStream in = open(source)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            copy(new DigestInputStream(in, digest), file, source);
            return new Arrived(file, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new EdgeException(Reason.NOT_FOUND, "cannot read " + source + ": " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream open(String source) throws IOException {
        try {
            if (source.startsWith("mvn:")) {
                return url(source).openStream();
            }
            Path path = source.startsWith("file:") ? Path.of(URI.create(source)) : Path.of(source);
            if (!path.isAbsolute()) {
                throw new EdgeException(Reason.INVALID, "the path must be absolute, or a mvn: address: " + source);
            }
            if (!Files.isRegularFile(path)) {
                throw new EdgeException(Reason.NOT_FOUND, "there is no file " + path);
            }
            return Files.newInputStream(path);
        } catch (InvalidPathException | MalformedURLException e) {
            throw new EdgeException(Reason.INVALID, "neither a path nor a mvn: address: " + source, e);
        } catch (IllegalArgumentException e) {
            throw new EdgeException(Reason.INVALID, "no usable file: address: " + source, e);
        }
    }

    private static URL url(String source) throws MalformedURLException {
        return new URL(source);
    }

    private void copy(InputStream in, Path to, String source) throws IOException {
        long bytes = 0;
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes += n;
                if (bytes > maxBytes) {
                    throw new EdgeException(
                            Reason.TOO_LARGE, source + " is larger than the " + (maxBytes >> 20) + " MiB allowed");
                }
                out.write(buffer, 0, n);
            }
        }
    }

    /**
     * Writes the present content of {@code bundle} as a jar and returns once it is on disk. It has its name only when all of
     * it is there: what a killed process left of one is nothing to go back to.
     */
    Path snapshot(String operation, Bundle bundle) {
        Path file = folder(operation).resolve(SNAPSHOT);
        Path part = file.resolveSibling(SNAPSHOT + ".part");
        try {
            write(bundle, part);
            return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            drop(part);
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE, "cannot keep the present bundle in " + file + ": " + e.getMessage(), e);
        }
    }

    private static void write(Bundle bundle, Path file) throws IOException {
        List<String> entries = entries(bundle);
        if (entries.isEmpty()) {
            throw gone();
        }
        try (ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER))) {
            // On a busy node the modules need the processor more than the disk needs the room.
            out.setLevel(Deflater.BEST_SPEED);
            out.setComment(Origin.of(bundle).text());
            for (String entry : entries) {
                out.putNextEntry(new ZipEntry(entry));
                if (!entry.endsWith("/")) {
                    URL content = bundle.getEntry(entry);
                    if (content == null) {
                        throw gone();
                    }
                    try (InputStream in = content.openStream()) {
                        in.transferTo(out);
                    }
                }
                out.closeEntry();
            }
        }
        force(file);
    }

    // A refresh closes what was there before it opens what is there then; nothing is no content to go back to.
    private static IOException gone() {
        return new IOException("the framework is just changing its content");
    }

    // On a full disk each byte counts.
    private static void drop(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LOG.warn("part of a snapshot not deleted: file={} reason={}", part, e.toString());
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    // The manifest comes first: a stream of a jar shows it only then.
    private static List<String> entries(Bundle bundle) {
        List<String> entries = new ArrayList<>();
        collect(bundle, "", entries);
        if (entries.remove(JarFile.MANIFEST_NAME)) {
            entries.add(0, JarFile.MANIFEST_NAME);
        }
        return entries;
    }

    private static void collect(Bundle bundle, String folder, List<String> into) {
        Enumeration<String> paths = bundle.getEntryPaths(folder.isEmpty() ? "/" : folder);
        while (paths != null && paths.hasMoreElements()) {
            String path = paths.nextElement();
            into.add(path);
            if (path.endsWith("/")) {
                collect(bundle, path, into);
            }
        }
    }

    /** Makes {@code former} the snapshot of an operation that found the bundle changed already. */
    Path adopt(String operation, Path former) {
        Path file = folder(operation).resolve(SNAPSHOT);
        try {
            Files.move(former, file, StandardCopyOption.REPLACE_EXISTING);
            force(file);
            return file;
        } catch (IOException e) {
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE, "cannot keep the former bundle in " + file + ": " + e.getMessage(), e);
        }
    }

    /** Where the snapshot of an operation lies, or would. */
    Path snapshotOf(String operation) {
        return root.resolve(operation).resolve(SNAPSHOT);
    }

    /** Where the bundles of an archive that came are laid; gone with it. */
    Path unpacked(String operation) {
        return folder(operation + "/" + UNPACKED);
    }

    /** Drops the file that came; the framework has its own copy now. */
    void dropArrived(String operation) {
        try {
            Files.deleteIfExists(root.resolve(operation).resolve(ARRIVED));
            drop(operation + "/" + UNPACKED);
            Files.deleteIfExists(root.resolve(operation)); // an empty folder tells nobody anything
        } catch (IOException e) {
            // It holds the snapshot, or can't be deleted now: keepOnly comes by again.
        }
    }

    /** Deletes the folder of an operation. */
    void drop(String operation) {
        Path folder = root.resolve(operation);
        if (Files.isDirectory(folder)) {
            delete(folder);
        }
    }

    /** Deletes the folders of all operations but these. */
    void keepOnly(Collection<String> operations) {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> folders = Files.list(root)) {
            folders.filter(f -> !operations.contains(f.getFileName().toString()))
                    .forEach(OperationFiles::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path folder(String operation) {
        try {
            return Files.createDirectories(root.resolve(operation));
        } catch (IOException e) {
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE, "cannot make a folder below " + root + ": " + e.getMessage(), e);
        }
    }
}
