package io.skep.kube.rest.internal.tls;

import io.skep.core.api.machine.HostName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The names this machine's server is reached by. */
public final class HostNames {

    private HostNames() {}

    /** Loopback, this host and {@code address}, unless that is a wildcard. */
    public static Set<String> of(String address) {
        Set<String> names = new TreeSet<>(Set.of("localhost", "127.0.0.1", "::1"));
        HostName.ofThisMachine().ifPresent(names::add);
        if (!isWildcard(address)) {
            names.add(address);
        }
        return names;
    }

    /** Whether it stands for every address of the machine. */
    public static boolean isWildcard(String address) {
        return address.equals("0.0.0.0") || address.equals("::");
    }

    /** One spelling for each name or address, the one certificates are read with. */
    static String canonical(String name) {
        if (!isAddress(name)) {
            return name.toLowerCase(Locale.ROOT);
        }
        try {
            return InetAddress.getByName(name).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no IP address: " + name, e);
        }
    }

    static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    }
}
