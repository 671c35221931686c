package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings a container's command to life and tells whether it came. Blocks until it is known. */
final class Starter {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Steps steps;
    private final Cgroups cgroups;
    private final ProcFiles proc;

    Starter(Steps steps, Cgroups cgroups, ProcFiles proc) {
        this.steps = steps;
        this.cgroups = cgroups;
        this.proc = proc;
    }

    /** Checks a container and lays down its folder; its record last, since that is what counts. */
    void prepare(ContainerFolder folder, ContainerRecord record) throws ContainerException, IOException {
        ContainerChecks.check(record.config(), words(record));
        steps.user(record.config().linux().security());
        try {
            layDown(folder, record);
        } catch (ContainerException | IOException e) {
            DurableFile.deleteTree(folder.dir());
            throw e;
        }
    }

    private static void layDown(ContainerFolder folder, ContainerRecord record) throws ContainerException, IOException {
        Files.createDirectory(folder.dir());
        Files.setPosixFilePermissions(folder.dir(), PosixFilePermissions.fromString("rwx--x--x"));
        Files.createDirectory(folder.root());
        Files.setPosixFilePermissions(folder.root(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Optional<Long> user = record.config().linux().security().runAs().user();
        if (user.isPresent()) {
            Files.setAttribute(folder.root(), "unix:uid", user.get().intValue());
        }
        mounts(folder, record);
        DurableFile.write(folder.record(), RecordCodec.write(record));
        DurableFile.sync(folder.dir().getParent());
    }

    /**
     * Starts it.
     *
     * @throws ContainerException {@code START_FAILED} when its command can't run
     */
    void start(ProcessContainer container) throws ContainerException, IOException, InterruptedException {
        ContainerFolder folder = container.folder();
        ContainerRecord record = container.record();
        List<Path> groups = cgroups.create(record.id(), record.config().linux().resources());
        List<String> command = steps.start(folder, record, groups);
        DurableFile.writeLazily(
                folder.plan(),
                LaunchPlan.of(workingFolder(record, folder), environment(record, folder), words(record)));
        DurableFile.writeLazily(folder.start(), "");
        Process detached =
                Commands.quiet(command).directory(folder.dir().toFile()).start();
        detached.waitFor();
        await(container);
    }

    private static void mounts(ContainerFolder folder, ContainerRecord record) throws ContainerException, IOException {
        List<Mount> mounts = record.config().mounts();
        if (record.namespaced()) {
            Files.createDirectory(folder.newRoot());
            MountPlan plan = MountPlan.of(mounts, folder.newRoot(), folder.root());
            DurableFile.writeLazily(folder.mountTable(), plan.table());
            DurableFile.writeLazily(folder.mounts(), plan.steps(folder.mountTable()));
        } else {
            MountLinks.check(mounts);
        }
        MountLinks.make(mounts, folder.root());
    }

    /** Words of its command. */
    static List<String> words(ContainerRecord record) {
        List<String> words = new ArrayList<>(record.config().program().command());
        words.addAll(record.config().program().args());
        return words;
    }

    /** Its variables: as configured, after those every container has. */
    static List<EnvVar> environment(ContainerRecord record, ContainerFolder folder) {
        List<EnvVar> variables = new ArrayList<>();
        variables.add(new EnvVar("PATH", Commands.DEFAULT_PATH));
        variables.add(new EnvVar("HOSTNAME", record.hostname()));
        variables.add(new EnvVar("SKEP_CONTAINER_ROOT", folder.root().toString()));
        variables.addAll(record.config().program().env());
        variables.add(new EnvVar(Killer.ID_VARIABLE, record.id()));
        return variables;
    }

    /** Where it starts: relative to its own folder, which is the default. */
    static String workingFolder(ContainerRecord record, ContainerFolder folder) {
        String workingDir = record.config().program().workingDir();
        Path wanted = folder.root().resolve(workingDir);
        if (Path.of(workingDir).isAbsolute() && !record.namespaced() && !Files.exists(wanted)) {
            Path inside = folder.root().resolve(workingDir.substring(1)).normalize();
            return Files.exists(inside) ? inside.toString() : wanted.toString();
        }
        return wanted.toString();
    }

    private void await(ProcessContainer container) throws ContainerException, IOException, InterruptedException {
        ContainerFolder folder = container.folder();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            boolean exited = Files.exists(folder.exit());
            Optional<ProcessIdentity> process = folder.process();
            boolean begun = folder.text(folder.launch()).orElse("").startsWith("begin");
            if (exited) {
                throwIfNeverRan(container);
            }
            if (exited || begun && process.isPresent() && arrived(process.get())) {
                container.processes(folder.supervisor().orElse(null), process.orElse(null));
                return;
            }
            Thread.sleep(2);
        }
        throw new ContainerException(Code.TIMEOUT, "command does not start within " + LIMIT.toSeconds() + " s");
    }

    /** Whether the container's own command runs in that process by now. */
    private boolean arrived(ProcessIdentity process) {
        String commandLine = proc.commandLine(process.pid());
        // It is empty for one that is just dying: then the exit will be there in a moment.
        return !commandLine.isEmpty() && !commandLine.contains(Steps.LAUNCH_MARK);
    }

    private void throwIfNeverRan(ProcessContainer container) throws ContainerException, IOException {
        Optional<String> failure = failure(container);
        if (failure.isPresent()) {
            throw new ContainerException(Code.START_FAILED, failure.get());
        }
    }

    /** Why a container that exited never ran its command; empty when it did. */
    static Optional<String> failure(ProcessContainer container) throws IOException {
        ContainerFolder folder = container.folder();
        String launch = folder.text(folder.launch()).orElse("");
        if (launch.contains("failed")) {
            return Optional.of(LaunchFailure.explain(
                    launch, words(container.record()).get(0), workingFolder(container.record(), folder)));
        }
        if (!launch.startsWith("begin")) {
            return Optional.of("container could not be set up: "
                    + folder.text(folder.setup())
                            .filter(text -> !text.isEmpty())
                            .orElse("no reason was given"));
        }
        return Optional.empty();
    }

    /** When it began to run. */
    static Instant startedAt(ContainerFolder folder) throws IOException {
        return Files.getLastModifiedTime(folder.launch()).toInstant();
    }
}
