package io.skep.bus.internal.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** A package on its way, as far as it has come. Its file is written by jobs that run one after the other. */
final class Incoming {

    private final Request request;
    private final Path file;
    private long received;

    // These two belong to the module's thread.
    private Instant lastHeard;
    private boolean complete;

    Incoming(Request request, Path folder, Instant now) {
        this.request = request;
        this.file = folder.resolve(request.id() + ".part");
        this.lastHeard = now;
    }

    Request request() {
        return request;
    }

    Path file() {
        return file;
    }

    /** Makes an empty file. */
    long create() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[0]);
        return received;
    }

    /**
     * Adds a piece if it is the next one; one that came before is left aside.
     *
     * @return how much is there now
     */
    long add(long offset, byte[] piece) throws IOException {
        if (offset != received || piece.length == 0 || received + piece.length > request.bytes()) {
            return received;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(piece);
            channel.position(offset);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            if (received + piece.length == request.bytes()) {
                channel.force(true);
            }
        }
        received += piece.length;
        return received;
    }

    Instant lastHeard() {
        return lastHeard;
    }

    void heard(Instant now) {
        lastHeard = now;
    }

    /** Whether this is the first time that all of it is there. */
    boolean completes(long there) {
        boolean first = !complete && there == request.bytes();
        complete |= first;
        return first;
    }
}
