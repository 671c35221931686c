package io.skep.launcher.instance;

import io.skep.launcher.host.LauncherException;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The ports a role opens, and the keys that say which. */
public final class Ports {

    /**
     * A key that holds a port.
     *
     * @param pid configuration
     * @param key its key
     * @param usual the port when the key isn't set
     * @param use what listens there
     * @param roles those that open it
     */
    record Key(String pid, String key, int usual, String use, Set<Role> roles) {}

    static final List<Key> KEYS = List.of(
            new Key("io.skep.cloudhub", "websocket.port", 10000, "cloudhub", Set.of(Role.CLOUD, Role.SITE)),
            new Key("io.skep.cloudhub", "https.port", 10002, "enrolment", Set.of(Role.CLOUD, Role.SITE)),
            new Key("io.skep.cloudstream", "tunnel.port", 10004, "cloudstream", Set.of(Role.CLOUD, Role.SITE)),
            new Key("io.skep.kube.rest", "port", 6443, "Kubernetes API", Set.of(Role.CLOUD, Role.SITE)),
            new Key("org.apache.felix.http", "org.osgi.service.http.port", 8080, "monitor", Set.of(Role.values())),
            new Key("org.apache.karaf.shell", "sshPort", 8101, "shell", Set.of(Role.values())));

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    /** A port, who wants it, and the {@code pid:key} that says so. */
    public record Wanted(int port, String use, String setting) {}

    private Ports() {}

    /** What a role would open with these configurations; port 0 takes any and is left out. */
    public static List<Wanted> of(Role role, Function<String, Map<String, String>> configurations) {
        return KEYS.stream()
                .filter(key -> key.roles().contains(role))
                .map(key ->
                        new Wanted(port(key, configurations.apply(key.pid())), key.use(), key.pid() + ":" + key.key()))
                .filter(wanted -> wanted.port() != 0)
                .toList();
    }

    /** The port of one key, as an instance is configured. */
    public static int of(Instance instance, String pid, String name) {
        Key key = KEYS.stream()
                .filter(k -> k.pid().equals(pid) && k.key().equals(name))
                .findFirst()
                .orElseThrow();
        return port(key, instance.settings(pid));
    }

    private static int port(Key key, Map<String, String> configuration) {
        String text = configuration.getOrDefault(key.key(), Integer.toString(key.usual()));
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new LauncherException(key.key() + " of " + key.pid() + " is no port: '" + text + "'");
        }
    }

    /** Settings that give an instance of any role ports nobody has. */
    public static List<String> free() {
        return KEYS.stream()
                .map(key -> key.pid() + ":" + key.key() + "=" + freePort())
                .toList();
    }

    /** A port nobody listens on, and another one each time: the kernel may offer the same twice. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return GIVEN.add(socket.getLocalPort()) ? socket.getLocalPort() : freePort();
        } catch (IOException e) {
            throw new LauncherException("cannot find a free port: " + e, e);
        }
    }
}
