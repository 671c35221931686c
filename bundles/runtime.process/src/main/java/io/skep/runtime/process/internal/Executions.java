package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ExecResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Runs further commands in running containers, on the caller's thread. */
final class Executions {

    private static final int MAX_BYTES = 16 << 20;

    private final Steps steps;
    private final Cgroups cgroups;
    private final Killer killer;
    private final AtomicLong number = new AtomicLong();

    Executions(Steps steps, Cgroups cgroups, Killer killer) {
        this.steps = steps;
        this.cgroups = cgroups;
        this.killer = killer;
    }

    /** @throws ContainerException {@code START_FAILED}, {@code TIMEOUT} */
    ExecResult run(ProcessContainer container, List<String> words, Duration timeout)
            throws ContainerException, IOException, InterruptedException {
        ContainerFolder folder = container.folder();
        String name = "exec-" + ProcessHandle.current().pid() + "-" + number.incrementAndGet();
        Path plan = folder.dir().resolve(name);
        Path outcome = folder.dir().resolve(name + ".outcome");
        String workingFolder = Starter.workingFolder(container.record(), folder);
        try {
            DurableFile.writeLazily(
                    plan, LaunchPlan.of(workingFolder, Starter.environment(container.record(), folder), words));
            Process process = Commands.bare(steps.exec(
                            container.record(), container.process(), plan, outcome, cgroups.existing(container.id())))
                    .directory(folder.dir().toFile())
                    .start();
            ExecResult result = result(process, timeout);
            String report = folder.text(outcome).orElse("");
            if (report.contains("failed")) {
                throw new ContainerException(
                        Code.START_FAILED, LaunchFailure.explain(report, words.get(0), workingFolder));
            }
            if (!report.startsWith("begin")) {
                throw new ContainerException(
                        Code.FAILED,
                        "cannot enter container " + container.id() + ": "
                                + result.stderr().trim());
            }
            return result;
        } finally {
            Files.deleteIfExists(plan);
            Files.deleteIfExists(outcome);
        }
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
