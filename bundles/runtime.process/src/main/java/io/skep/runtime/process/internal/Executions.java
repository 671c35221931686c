package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.ExecResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Runs further commands in running containers. */
final class Executions {

    private static final int MAX_BYTES = 16 << 20;

    private final Steps steps;
    private final Cgroups cgroups;
    private final Killer killer;
    private final Tools tools;
    private final Path terminalShell;
    private final AtomicLong number = new AtomicLong();

    /** @param bin folder of our scripts */
    Executions(Steps steps, Cgroups cgroups, Killer killer, Tools tools, Path bin) {
        this.tools = tools;
        this.terminalShell = bin.resolve("tty");
        this.steps = steps;
        this.cgroups = cgroups;
        this.killer = killer;
    }

    /** @throws ContainerException {@code START_FAILED}, {@code TIMEOUT} */
    ExecResult run(ProcessContainer container, List<String> words, Duration timeout)
            throws ContainerException, IOException, InterruptedException {
        ExecFiles files = files(container, words);
        try {
            ExecResult result = result(start(container, steps(container, files), words, files), timeout);
            if (!Files.exists(files.outcome()) || Files.size(files.outcome()) == 0) {
                throw new ContainerException(
                        Code.FAILED,
                        "cannot enter container " + container.id() + ": "
                                + result.stderr().trim());
            }
            files.check(false);
            return result;
        } finally {
            files.delete();
        }
    }

    /** Begins a command somebody watches; its files go with its end. */
    Session begin(ProcessContainer container, ExecRequest request) throws ContainerException, IOException {
        ExecFiles files = files(container, request.command());
        List<String> steps = steps(container, files);
        try {
            Process process = request.tty()
                    ? startOnTerminal(container, steps, request.command(), files)
                    : start(container, steps, request.command(), files, request.stdin());
            Terminal terminal =
                    request.tty() ? new Terminal(tools.require("stty", "a terminal"), files.place()) : Terminal.NONE;
            return new Session(process, files, terminal, killer, request.stdin());
        } catch (ContainerException | IOException e) {
            files.delete();
            throw e;
        }
    }

    private ExecFiles files(ProcessContainer container, List<String> words) {
        return ExecFiles.of(
                container.folder(),
                number.incrementAndGet(),
                words.get(0),
                Starter.workingFolder(container.record(), container.folder()));
    }

    private List<String> steps(ProcessContainer container, ExecFiles files) throws ContainerException {
        return steps.exec(
                container.record(),
                container.process(),
                files.plan(),
                files.outcome(),
                cgroups.existing(container.id()));
    }

    private Process start(ProcessContainer container, List<String> steps, List<String> words, ExecFiles files)
            throws IOException {
        return start(container, steps, words, files, false);
    }

    private Process start(
            ProcessContainer container, List<String> steps, List<String> words, ExecFiles files, boolean stdin)
            throws IOException {
        writePlan(container, words, files, List.of());
        ProcessBuilder builder = Commands.bare(steps);
        if (stdin) {
            builder.redirectInput(ProcessBuilder.Redirect.PIPE);
        }
        return builder.directory(container.folder().dir().toFile()).start();
    }

    /**
     * The terminal is made by {@code script} of util-linux. It can run a shell only, so it gets our script for one, which
     * reads from a file what to run: no command line is put together for a shell.
     */
    private Process startOnTerminal(ProcessContainer container, List<String> steps, List<String> words, ExecFiles files)
            throws ContainerException, IOException {
        String script = tools.require("script", "a terminal");
        writePlan(container, words, files, List.of(new EnvVar("TERM", "xterm")));
        // Without the session of its own that comes first: the terminal is one.
        List<String> onTerminal = steps.subList(1, steps.size());
        DurableFile.writeLazily(
                files.steps(), onTerminal.stream().map(Escapes::line).collect(Collectors.joining("\n", "", "\n")));
        ProcessBuilder builder = Commands.bare(List.of(
                steps.get(0), script, "--quiet", "--return", "--flush", "--echo", "always", "--log-out", "/dev/null"));
        builder.environment().put("SHELL", terminalShell.toString());
        builder.environment().put("SKEP_TTY_STEPS", files.steps().toString());
        builder.environment().put("SKEP_TTY_PLACE", files.place().toString());
        // Its end would be typed as such on the terminal: so there is one also when nobody types.
        return builder.redirectInput(ProcessBuilder.Redirect.PIPE)
                .directory(container.folder().dir().toFile())
                .start();
    }

    private static void writePlan(
            ProcessContainer container, List<String> words, ExecFiles files, List<EnvVar> defaults) throws IOException {
        List<EnvVar> variables = new ArrayList<>(defaults);
        variables.addAll(Starter.environment(container.record(), container.folder()));
        DurableFile.writeLazily(files.plan(), LaunchPlan.of(files.workingFolder(), variables, words));
    }

    private ExecResult result(Process process, Duration timeout)
            throws ContainerException, IOException, InterruptedException {
        Capture stdout = new Capture(process.getInputStream());
        Capture stderr = new Capture(process.getErrorStream());
        long deadline = System.nanoTime() + timeout.toNanos();
        long pause = 1;
        try {
            while (true) {
                boolean ended = !process.isAlive();
                boolean any = stdout.drain() | stderr.drain();
                if (ended && !any) {
                    return new ExecResult(process.exitValue(), stdout.text(), stderr.text());
                }
                if (System.nanoTime() >= deadline) {
                    throw new ContainerException(Code.TIMEOUT, "command timed out after " + timeout.toMillis() + " ms");
                }
                pause = any ? 1 : Math.min(20, pause + 1);
                process.waitFor(pause, TimeUnit.MILLISECONDS);
            }
        } finally {
            if (process.isAlive()) {
                // It is the leader of its own session and group.
                killer.signal("KILL", List.of("-" + process.pid(), Long.toString(process.pid())));
            }
            process.getInputStream().close();
            process.getErrorStream().close();
        }
    }

    /** What a command writes, taken without blocking and kept up to a limit. */
    private static final class Capture {

        private final InputStream stream;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final byte[] chunk = new byte[16 << 10];

        Capture(InputStream stream) {
            this.stream = stream;
        }

        boolean drain() throws IOException {
            int available = stream.available();
            if (available <= 0) {
                return false;
            }
            int read = stream.read(chunk, 0, Math.min(available, chunk.length));
            if (read > 0) {
                kept.write(chunk, 0, Math.min(read, MAX_BYTES - kept.size()));
            }
            return read > 0;
        }

        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}
