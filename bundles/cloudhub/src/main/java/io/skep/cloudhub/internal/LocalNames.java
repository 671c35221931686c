package io.skep.cloudhub.internal;

import io.skep.core.api.machine.HostName;
import io.skep.transport.tls.NodeName;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names and addresses this machine is known by. */
final class LocalNames {

    private static final Logger LOG = LoggerFactory.getLogger(LocalNames.class);

    private LocalNames() {}

    /** What the server certificate is to be valid for: what is configured, or else all there is. */
    static List<String> forCertificate(CloudHubSettings settings) {
        Set<String> names = new LinkedHashSet<>();
        names.add("localhost");
        names.add("127.0.0.1");
        names.addAll(settings.addresses().isEmpty() ? localAddresses() : settings.addresses());
        names.addAll(settings.names());
        HostName.ofThisMachine().filter(NodeName::isValid).ifPresent(names::add);
        return new ArrayList<>(names);
    }

    private static List<String> localAddresses() {
        List<String> addresses = new ArrayList<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> !a.isLinkLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .map(a -> a.replaceFirst("%.*", ""))
                    .forEach(addresses::add);
        } catch (SocketException e) {
            LOG.warn("local addresses are not known: reason={}", e.getMessage());
        }
        return addresses;
    }
}
