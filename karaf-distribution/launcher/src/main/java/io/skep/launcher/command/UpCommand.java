package io.skep.launcher.command;

import io.skep.launcher.doctor.MachineCheck;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.LauncherLock;
import io.skep.launcher.host.NotReadyException;
import io.skep.launcher.host.Waiting;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.InstalledRole;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Monitor;
import io.skep.launcher.instance.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "up", description = "Starts an instance and waits until it is ready.", mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {

    /** How long a process that was killed a moment ago may still be seen. */
    private static final Duration DYING = Duration.ofSeconds(2);

    @Parameters(
            arity = "0..1",
            defaultValue = "site",
            description = "edge, cloud or site (both), or the name of an instance there is; default: site")
    private String role;

    @Option(names = "--name", description = "Name of the instance; default: the role")
    private String name;

    @Option(names = "--set", paramLabel = "pid:key=value", description = "Sets a key of etc/<pid>.cfg first")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--timeout", description = "Seconds to wait for readiness; default: 60", defaultValue = "60")
    private int timeoutSeconds;

    @Override
    public Integer call() {
        Home home = Home.fromSystem();
        Role chosen = home.role(role);
        Instance instance = home.instance(name == null ? role : name);
        start(instance, chosen, settings, Duration.ofSeconds(timeoutSeconds));
        System.out.println("ready: " + instance.name() + "  logs: " + instance.log());
        return 0;
    }

    /** Makes, starts and waits; an instance that dies or never gets ready is reported with what it says itself. */
    public static void start(Instance instance, Role role, List<String> settings, Duration limit) {
        instance.create(role);
        instance.configure(settings);
        Monitor monitor = new Monitor(instance);
        Waiting.until(DYING, () -> monitor.ready() || instance.process().isEmpty());
        if (instance.process().isEmpty() && !instance.held()) {
            requireUnanswered(instance, monitor);
        }
        prepare(instance);
        instance.start(Map.of());
        boolean ended =
                Waiting.until(limit, () -> monitor.ready() || instance.process().isEmpty());
        if (instance.process().isEmpty()) {
            throw new LauncherException("instance '" + instance.name() + "' ended while starting; see "
                    + instance.log().resolveSibling("console.log") + " and " + instance.log()
                    + room(instance.folder()));
        }
        if (!ended) {
            throw new NotReadyException(
                    "instance '" + instance.name() + "' runs, but is not ready after " + limit.toSeconds() + " s: "
                            + monitor.readiness()
                                    .orElse("its monitor port does not answer")
                                    .strip()
                            + room(instance.folder()));
        }
        if (role == Role.SITE) {
            Site.join(instance, limit);
        }
    }

    /** Another's answer on the port would be taken for ours. */
    private static void requireUnanswered(Instance instance, Monitor monitor) {
        if (!Waiting.until(DYING, () -> monitor.readiness().isEmpty())) {
            throw new LauncherException(
                    "port " + instance.monitorPort() + ", wanted for " + instance.name()
                            + "'s monitor, is taken; give it another one: --set org.apache.felix.http:org.osgi.service.http.port=<port>");
        }
    }

    /** Units that start together would train in one folder; who comes later finds the archives. */
    private static void prepare(Instance instance) {
        LauncherLock.inTurn(
                instance.home().archives(),
                "lock",
                "waiting for another start to prepare this distribution",
                () -> ClassDataArchive.make(instance));
        InstalledRole.of(instance).into(instance);
    }

    /** What an instance on a full disk can't say itself, as its log is on it, too. */
    private static String room(Path folder) {
        return MachineCheck.lack(folder.toFile().getUsableSpace() >> 20, folder)
                .map(lack -> "; " + lack)
                .orElse("");
    }
}
