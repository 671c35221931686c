package io.skep.runtime.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A watched command of {@link FakePodRuntime}: one that has its say and ends, one that copies, one that never ends. */
public final class FakeSession implements Execution.Session {

    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> copied = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final List<String> sizes = new CopyOnWriteArrayList<>();
    private final InputStream stdout;
    private final InputStream stderr;
    private final boolean copies;

    /** One that says this and ends. */
    public FakeSession(ExecRequest request, ExecResult result) {
        this(stream(request.stdout(), result.stdout()), stream(request.stderr(), result.stderr()), false);
        exit.complete(result.exitCode());
    }

    private FakeSession(InputStream stdout, InputStream stderr, boolean copies) {
        this.stdout = stdout == null ? new Copied() : stdout;
        this.stderr = stderr;
        this.copies = copies;
    }

    /** One that gives its input back, and ends with it. */
    public static FakeSession cat() {
        return new FakeSession(null, InputStream.nullInputStream(), true);
    }

    /** One that says nothing and never ends by itself. */
    public static FakeSession endless() {
        return new FakeSession(null, InputStream.nullInputStream(), false);
    }

    /** The sizes its terminal was given, like {@code 80x24}. */
    public List<String> sizes() {
        return List.copyOf(sizes);
    }

    /** Whether it was closed, or ended by itself. */
    public boolean over() {
        return exit.isDone();
    }

    private static InputStream stream(boolean wanted, String text) {
        return wanted ? new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) : InputStream.nullInputStream();
    }

    @Override
    public OutputStream stdin() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                copied.add(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                if (length > 0) {
                    copied.add(java.util.Arrays.copyOfRange(bytes, from, from + length));
                }
            }

            @Override
            public void close() {
                if (copies) {
                    exit.complete(0);
                    copied.add(END);
                }
            }
        };
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return stderr;
    }

    @Override
    public void resize(int columns, int rows) {
        sizes.add(columns + "x" + rows);
    }

    @Override
    public CompletionStage<Integer> exit() {
        return exit;
    }

    @Override
    public void close() {
        exit.complete(137);
        copied.add(END);
    }

    /** What was put in, as it comes. */
    private final class Copied extends InputStream {

        private byte[] part = END;
        private int at;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (at == part.length && !ended) {
                try {
                    part = copied.take();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
                at = 0;
                ended = part == END;
            }
            if (ended) {
                return -1;
            }
            int taken = Math.min(length, part.length - at);
            System.arraycopy(part, at, into, from, taken);
            at += taken;
            return taken;
        }
    }
}
