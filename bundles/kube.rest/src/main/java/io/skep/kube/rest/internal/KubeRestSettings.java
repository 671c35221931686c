package io.skep.kube.rest.internal;

import io.skep.kube.rest.internal.tls.HostNames;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@link KubeRestConfig} once checked and given types.
 *
 * @param address where to listen
 * @param port where to listen
 * @param names of the server, for its certificate
 * @param folder of certificates, token and kubeconfig
 * @param threads most that serve requests
 */
record KubeRestSettings(String address, int port, Set<String> names, Path folder, int threads) {

    private static final int MAX_PORT = 65_535;
    private static final int MIN_THREADS = 8;

    KubeRestSettings {
        if (address.isBlank()) {
            throw new IllegalArgumentException("address must not be empty");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 1 to 65535, is " + port);
        }
        if (threads < MIN_THREADS) {
            throw new IllegalArgumentException("threads.max must be at least " + MIN_THREADS + ", is " + threads);
        }
        names = Set.copyOf(names);
    }

    /** @param karafData the framework's data folder, or {@code ""} */
    static KubeRestSettings from(KubeRestConfig config, String karafData) {
        Set<String> names = new TreeSet<>(HostNames.of(config.address()));
        Arrays.stream(config.names().split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(names::add);
        return new KubeRestSettings(
                config.address(), config.port(), names, folder(config, karafData), config.threads_max());
    }

    private static Path folder(KubeRestConfig config, String karafData) {
        if (!config.data_dir().isBlank()) {
            return Path.of(config.data_dir());
        }
        if (karafData.isEmpty()) {
            throw new IllegalArgumentException("data.dir must be set where karaf.data is not");
        }
        return Path.of(karafData, "kube");
    }

    /** Host for a client on this machine. */
    String clientHost() {
        return HostNames.isWildcard(address) ? "127.0.0.1" : address;
    }

    /** URL for a client on this machine. */
    String server() {
        String host = clientHost();
        return "https://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
