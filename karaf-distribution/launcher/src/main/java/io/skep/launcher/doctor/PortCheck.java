package io.skep.launcher.doctor;

import io.skep.launcher.host.ListeningPorts;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Ports;
import io.skep.launcher.instance.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the ports that instances are configured for are free, or taken by themselves. */
final class PortCheck {

    private PortCheck() {}

    /** The instances there are; where there is none yet, the ports a fresh cloud and edge would take. */
    static List<Finding> of(Home home) {
        List<Finding> findings = new ArrayList<>();
        List<Instance> instances = home.all();
        instances.forEach(instance -> findings.addAll(findings(instance.name(), instance.ports(), held(instance))));
        if (instances.isEmpty()) {
            for (Role role : List.of(Role.CLOUD, Role.EDGE)) {
                findings.addAll(findings(role.id(), home.ports(role), Set.of()));
            }
        }
        return findings;
    }

    /** What a running instance listens on; all it wants, where we may not look at another user's. */
    private static Set<Integer> held(Instance instance) {
        return instance.process()
                .map(process -> ListeningPorts.of(process.pid())
                        .orElseGet(() -> instance.ports().stream()
                                .map(Ports.Wanted::port)
                                .collect(Collectors.toSet())))
                .orElse(Set.of());
    }

    static List<Finding> findings(String who, List<Ports.Wanted> ports, Set<Integer> held) {
        List<Finding> findings = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (Ports.Wanted wanted : ports) {
            String what = "port " + wanted.port();
            String use = who + "'s " + wanted.use();
            if (!seen.add(wanted.port())) {
                findings.add(Finding.error(
                        what,
                        "wanted twice, also for " + use,
                        "give one another port: " + wanted.setting() + "=<port>"));
            } else if (held.contains(wanted.port())) {
                findings.add(Finding.ok(what, "held by the running " + use));
            } else if (free(wanted.port())) {
                findings.add(Finding.ok(what, "free, for " + use));
            } else {
                findings.add(Finding.error(
                        what,
                        "taken, wanted for " + use,
                        "stop who has it (ss -ltnp 'sport = " + wanted.port() + "'), or --set " + wanted.setting()
                                + "=<port>"));
            }
        }
        return findings;
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
