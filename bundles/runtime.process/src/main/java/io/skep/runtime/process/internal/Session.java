package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command that somebody watches. It makes no thread; the JDK's reaper tells of its end. */
final class Session implements Execution.Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private static final int LONGEST_PAUSE_MILLIS = 20;

    private final Process process;
    private final ExecFiles files;
    private final Killer killer;
    private final Terminal terminal;
    private final boolean stdin;
    private final CompletableFuture<Integer> exit;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param stdin whether it has input of its own */
    Session(Process process, ExecFiles files, Terminal terminal, Killer killer, boolean stdin) {
        this.process = process;
        this.files = files;
        this.terminal = terminal;
        this.killer = killer;
        this.stdin = stdin;
        this.exit = process.onExit().thenApply(this::ended);
    }

    private int ended(Process any) {
        try {
            files.check(closed.get());
        } catch (ContainerException e) {
            throw new CompletionException(e);
        } finally {
            files.delete();
        }
        return process.exitValue();
    }

    @Override
    public OutputStream stdin() {
        return stdin ? process.getOutputStream() : OutputStream.nullOutputStream();
    }

    @Override
    public InputStream stdout() {
        return new Output(process.getInputStream());
    }

    @Override
    public InputStream stderr() {
        return new Output(process.getErrorStream());
    }

    @Override
    public void resize(int columns, int rows) {
        terminal.resize(columns, rows);
    }

    @Override
    public CompletionStage<Integer> exit() {
        return exit;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (process.isAlive()) {
            // It is the leader of its own session and group; on a terminal, the command itself is one of another.
            List<String> targets = new ArrayList<>(List.of("-" + process.pid(), Long.toString(process.pid())));
            terminal.leader().ifPresent(pid -> targets.addAll(List.of("-" + pid, Long.toString(pid))));
            killer.signal("KILL", targets);
        }
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("input not closed: reason={}", e.getMessage());
        }
    }

    /**
     * What the command writes. It ends with the command, though a child it left behind may hold the pipe open: so it is
     * never read when nothing is there.
     */
    private final class Output extends InputStream {

        private final InputStream pipe;

        Output(InputStream pipe) {
            this.pipe = pipe;
        }

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
            int pause = 1;
            while (!closed.get()) {
                boolean over = !process.isAlive();
                int available = pipe.available();
                if (available > 0) {
                    return pipe.read(into, from, Math.min(available, length));
                }
                if (over) {
                    return -1;
                }
                rest(pause);
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause + 1);
            }
            return -1;
        }

        private void rest(int millis) throws IOException {
            try {
                process.waitFor(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
