package io.skep.shell.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.karaf.shell.support.CommandException;

/**
 * A module's package on its way to nodes: a copy that nobody changes meanwhile. Blocks on the disk, and for a {@code mvn:}
 * address on the repositories; nodes need neither. Closing deletes the copy.
 *
 * @param file the copy
 * @param checksum its SHA-256 in hexadecimal
 * @param bytes its size
 */
record RolloutPackage(Path file, String checksum, long bytes) implements AutoCloseable {

    private static final long MAX_BYTES = 64L << 20;

    /**
     * Fetches it.
     *
     * @param address an absolute path, or a {@code file:} or {@code mvn:} address
     * @param expected the checksum it must have; {@code ""} when nobody told it
     */
    static RolloutPackage fetch(String address, String expected) throws CommandException {
        Path copy = null;
        try (InputStream in = open(address)) {
            copy = Files.createTempFile("skep-rollout-", ".jar");
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long bytes = copy(in, copy, digest, address);
            String checksum = HexFormat.of().formatHex(digest.digest());
            if (!expected.isEmpty() && !expected.equals(checksum)) {
                throw new CommandException("the file's SHA-256 is " + checksum + ", not " + expected + " as was told");
            }
            RolloutPackage done = new RolloutPackage(copy, checksum, bytes);
            copy = null;
            return done;
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("cannot read " + address + ": " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } finally {
            if (copy != null) {
                copy.toFile().delete();
            }
        }
    }

    private static InputStream open(String address) throws IOException {
        if (address.startsWith("mvn:")) {
            return new URL(address).openStream();
        }
        return Files.newInputStream(address.startsWith("file:") ? Path.of(URI.create(address)) : Path.of(address));
    }

    private static long copy(InputStream in, Path to, MessageDigest digest, String address)
            throws IOException, CommandException {
        long bytes = 0;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes += n;
                if (bytes > MAX_BYTES) {
                    throw new CommandException(
                            address + " is larger than the " + (MAX_BYTES >> 20) + " MiB a node takes");
                }
                digest.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        }
        return bytes;
    }

    /** Up to {@code most} bytes from {@code offset} on. */
    byte[] piece(long offset, int most) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(most, bytes - offset));
            while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
                // Until all of it is there.
            }
            return buffer.array();
        }
    }

    @Override
    public void close() {
        file.toFile().delete();
    }
}
