package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mount namespaces: as root plainly, as an ordinary user inside a user namespace where the kernel lets us, else none. What
 * is possible is tried out once, at the first container that asks.
 */
final class Namespaces {

    private static final Logger LOG = LoggerFactory.getLogger(Namespaces.class);

    private final Tools tools;
    private final Path bin;
    private final boolean wanted;
    private Boolean usable;

    Namespaces(Tools tools, Path bin, boolean wanted) {
        this.tools = tools;
        this.bin = bin;
        this.wanted = wanted;
    }

    /** Whether containers can have mounts of their own. */
    synchronized boolean usable() {
        if (usable == null) {
            usable = wanted
                    && tools.find("unshare").isPresent()
                    && tools.find("nsenter").isPresent()
                    && tried();
            LOG.info("mounts of containers: {}", usable ? "in their own namespace" : "as links below their own folder");
        }
        return usable;
    }

    /** The steps that make the mounts of a plan. */
    List<String> enter(Path plan) {
        List<String> command = new ArrayList<>();
        command.add(program("unshare"));
        if (!tools.root()) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of(
                "--mount",
                "--propagation",
                tools.root() ? "slave" : "private",
                tools.shell(),
                bin.resolve("mounts").toString(),
                plan.toString()));
        if (!tools.root()) {
            // Mounting takes root's look; the container gets its own user back.
            command.addAll(List.of(
                    program("unshare"),
                    "--user",
                    "--mount",
                    "--map-user=" + tools.uid(),
                    "--map-group=" + tools.gid()));
        }
        return command;
    }

    /** The step into the namespaces of a container that runs. */
    List<String> join(long pid) {
        List<String> command = new ArrayList<>(List.of(program("nsenter"), "--target", Long.toString(pid), "--mount"));
        if (!tools.root()) {
            command.addAll(List.of("--user", "--preserve-credentials"));
        }
        command.add("--");
        return command;
    }

    private boolean tried() {
        Path plan = bin.resolveSibling("namespaces.trial");
        Path folder = bin.resolveSibling("namespaces.folder");
        try {
            Files.createDirectories(folder);
            MountPlan all = MountPlan.of(List.of(new Mount(bin.toString(), "/.skep-trial", false)), folder, bin);
            Path table = bin.resolveSibling("namespaces.table");
            Files.writeString(table, all.table());
            Files.writeString(plan, all.steps(table));
            List<String> command = new ArrayList<>(enter(plan));
            command.add(tools.find("true").orElse("true"));
            Process trial = Commands.quiet(command).start();
            if (!trial.waitFor(10, TimeUnit.SECONDS)) {
                trial.destroyForcibly();
                return false;
            }
            return trial.exitValue() == 0;
        } catch (IOException | ContainerException e) {
            LOG.debug("namespaces not usable: reason={}", e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String program(String name) {
        return tools.find(name).orElse(name);
    }
}
