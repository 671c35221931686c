package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig.Linux;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Capabilities;
import io.skep.runtime.api.SecurityContext.RunAs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command lines that lead from us to a container's command; each step runs the next in its own place. */
final class Steps {

    private final Tools tools;
    private final Path bin;
    private final Namespaces namespaces;

    Steps(Tools tools, Path bin, Namespaces namespaces) {
        this.tools = tools;
        this.bin = bin;
        this.namespaces = namespaces;
    }

    /** Starts a container under a supervisor that has nothing to do with us any more. */
    List<String> start(ContainerFolder folder, ContainerRecord record, List<Path> cgroups) throws ContainerException {
        Linux linux = record.config().linux();
        String setsid = tools.require("setsid", "running containers");
        List<String> command = new ArrayList<>();
        command.addAll(List.of(setsid, "--fork", tools.shell(), script("supervise"), bin.toString()));
        command.addAll(List.of(folder.dir().toString(), folder.exit().toString()));
        command.add(setsid);
        command.addAll(enter(folder.dir().toString(), linux.resources(), cgroups));
        if (record.namespaced()) {
            command.addAll(namespaces.enter(folder.mounts()));
        }
        command.addAll(user(linux.security()));
        command.addAll(launch());
        return command;
    }

    /** Runs a further command beside a container's own. */
    List<String> exec(ContainerRecord record, ProcessIdentity process, Path plan, Path outcome, List<Path> cgroups)
            throws ContainerException {
        Linux linux = record.config().linux();
        List<String> command = new ArrayList<>();
        command.add(tools.require("setsid", "running commands in containers"));
        command.addAll(List.of(tools.shell(), script("run"), bin.toString(), plan.toString(), outcome.toString()));
        command.addAll(enter("-", linux.resources(), cgroups));
        if (record.namespaced()) {
            command.addAll(namespaces.join(process.pid()));
        }
        command.addAll(user(linux.security()));
        command.addAll(launch());
        return command;
    }

    List<String> signal(String name, List<String> targets) {
        List<String> command = new ArrayList<>(List.of(tools.shell(), script("signal"), name));
        command.addAll(targets);
        return command;
    }

    /** Checks that the user can be what the container wants, before anything is made. */
    List<String> user(SecurityContext security) throws ContainerException {
        List<String> options = new ArrayList<>();
        RunAs runAs = security.runAs();
        if (runAs.user().isPresent() || runAs.group().isPresent()) {
            options.addAll(identity(runAs));
        }
        if (security.noNewPrivileges() && tools.find("setpriv").isPresent()) {
            options.add("--no-new-privs");
        }
        if (tools.root()
                && !security.privileged()
                && !security.capabilities().drop().isEmpty()) {
            options.add("--inh-caps=" + dropped(security.capabilities()));
            options.add("--bounding-set=" + dropped(security.capabilities()));
        }
        if (options.isEmpty()) {
            return List.of();
        }
        options.add(0, tools.require("setpriv", "a container's security context"));
        options.add("--");
        return options;
    }

    private List<String> identity(RunAs runAs) throws ContainerException {
        long us = tools.uid();
        long group = tools.gid();
        long user = runAs.user().orElse(us);
        if (!tools.root()) {
            if (user == us && runAs.group().orElse(group) == group) {
                return List.of();
            }
            throw new ContainerException(
                    Code.INVALID,
                    "runAsUser " + user + " needs the node to run as root; it runs as user " + us
                            + ": remove runAsUser and runAsGroup, or use another runtime");
        }
        List<String> options = new ArrayList<>();
        options.add("--reuid=" + user);
        // A user without a group is in root's in containers too.
        options.add("--regid=" + runAs.group().orElse(0L));
        options.add(
                runAs.supplementalGroups().isEmpty()
                        ? "--clear-groups"
                        : runAs.supplementalGroups().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(",", "--groups=", "")));
        return options;
    }

    private static String dropped(Capabilities capabilities) throws ContainerException {
        List<String> words = new ArrayList<>();
        for (String each : capabilities.drop()) {
            words.add("-" + capability(each));
        }
        for (String each : capabilities.add()) {
            words.add("+" + capability(each));
        }
        return String.join(",", words);
    }

    private static String capability(String name) throws ContainerException {
        String plain = name.toUpperCase(java.util.Locale.ROOT).replaceFirst("^CAP_", "");
        if (!plain.matches("[A-Z_]{3,40}")) {
            throw new ContainerException(Code.INVALID, "no capability is named " + name);
        }
        return plain.toLowerCase(java.util.Locale.ROOT);
    }

    private List<String> enter(String folder, Resources resources, List<Path> cgroups) {
        String oomScore = Integer.toString(resources.oomScoreAdj());
        List<String> command = new ArrayList<>(List.of(tools.shell(), script("enter"), folder, oomScore));
        cgroups.forEach(each -> command.add(each.toString()));
        command.add("--");
        return command;
    }

    private List<String> launch() {
        return List.of(tools.shell(), LAUNCH_PATH, LAUNCH_MARK);
    }

    /** The script comes on an open file: the container's user need not reach it by its path. */
    static final String LAUNCH_PATH = "/dev/fd/4";

    /** Seen in the command line of a container that has not reached its own command yet. */
    static final String LAUNCH_MARK = "skep-launch";

    private String script(String name) {
        return bin.resolve(name).toString();
    }
}
